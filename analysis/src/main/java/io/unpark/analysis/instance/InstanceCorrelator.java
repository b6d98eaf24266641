package io.unpark.analysis.instance;

import io.unpark.analysis.config.AnalysisConfig;
import io.unpark.analysis.detect.DetectorSet;
import io.unpark.analysis.detect.HeapSeries;
import io.unpark.analysis.detect.Judgement;
import io.unpark.analysis.detect.Pauses;
import io.unpark.analysis.detect.ProcessDetector;
import io.unpark.analysis.detect.ProcessView;
import io.unpark.analysis.detect.RequestDetector;
import io.unpark.analysis.fault.DetectorFault;
import io.unpark.analysis.fault.DetectorFaults;
import io.unpark.analysis.model.ChunkRef;
import io.unpark.analysis.model.Finding;
import io.unpark.analysis.model.Instance;
import io.unpark.analysis.model.Kind;
import io.unpark.analysis.model.RequestSegment;
import io.unpark.analysis.model.RuntimeWindow;
import io.unpark.analysis.place.UserCode;
import io.unpark.trace.GenerationDecoder;
import io.unpark.trace.TraceFormatException;
import io.unpark.trace.TraceLimits;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * One instance: takes its generations in order, and judges at the end of each. Its whole state can be written as pages and
 * restored from them; a correlator restored after any generation goes on exactly as this one would.
 *
 * <p>Not thread-safe.
 */
public final class InstanceCorrelator {
    private final Instance instance;
    private final AnalysisConfig config;
    private final UserCode userCode;
    private final InstanceState state;
    private final Detachment detachment;
    private final LateWatch late;
    private final CausalWalk walk;
    private final RequestTracker requests;
    private final RequestAnnotations annotations;
    private final GenerationTracker tracker;
    private final Ledger ledger;
    private final StateCodec codec;
    private final DetectorSet detectors;
    private final DetectorFaults faults;
    private final Quarantine quarantine;
    private GenerationDecoder decoder;
    private int decoderMinor;

    /** A correlator that knows nothing yet. */
    public InstanceCorrelator(Instance instance, AnalysisConfig config) {
        this(instance, config, DetectorSet.STANDARD, new DetectorFaults());
    }

    /**
     * A correlator that knows nothing yet.
     *
     * @param detectors asked about each generation
     * @param faults gets their exceptions; many correlators may share it
     */
    public InstanceCorrelator(Instance instance, AnalysisConfig config, DetectorSet detectors, DetectorFaults faults) {
        this.instance = instance;
        this.detectors = detectors;
        this.faults = faults;
        this.quarantine = new Quarantine(faults);
        this.config = config.scoped(instance.service(), "");
        this.userCode = config.userPackages().isEmpty() ? UserCode.standard() : UserCode.of(config.userPackages());
        this.state = new InstanceState(userCode);
        this.detachment = new Detachment(this.config.deadlineSlackNs(), state.cohorts);
        this.late = new LateWatch(this.config.deadlineSlackNs(), state.clock, detachment);
        this.walk = new CausalWalk(state.causes, state.shapes, state.world);
        this.requests = new RequestTracker(state, userCode, late, walk);
        this.annotations = new RequestAnnotations(requests, late, state.clock, config.logKeys());
        this.tracker = new GenerationTracker(state, requests, annotations, late);
        this.ledger = new Ledger(instance, config.hash());
        this.codec = new StateCodec(state, requests, annotations, tracker, ledger, quarantine);
    }

    /**
     * A correlator as it was when {@code pages} were written.
     *
     * @throws io.unpark.analysis.codec.CodecException when they are damaged or of another version
     */
    public static InstanceCorrelator restore(Instance instance, AnalysisConfig config, Iterable<StatePage> pages) {
        return restore(instance, config, DetectorSet.STANDARD, new DetectorFaults(), pages);
    }

    /** As {@link #restore(Instance, AnalysisConfig, Iterable)}, with the detectors to ask. */
    public static InstanceCorrelator restore(
            Instance instance,
            AnalysisConfig config,
            DetectorSet detectors,
            DetectorFaults faults,
            Iterable<StatePage> pages) {
        InstanceCorrelator correlator = new InstanceCorrelator(instance, config, detectors, faults);
        correlator.codec.read(pages);
        correlator.detachment.restore(correlator.state.goroutines);
        return correlator;
    }

    /**
     * Decodes and judges one whole generation.
     *
     * @return empty for one that was taken before
     * @throws TraceFormatException when it cannot be decoded; this object is then of no more use
     */
    public Optional<InstanceOutput> process(GenerationInput in) throws TraceFormatException {
        if (state.isDuplicate(in.capture(), in.generation())) {
            return Optional.empty();
        }
        Continuity before = null;
        if (in.capture().equals(state.capture)) {
            if (in.generation() != state.lastGeneration + 1) {
                requests.gap(tracker.nowNs);
                detachment.forget();
                state.gap(tracker.nowNs);
            }
        } else {
            before = new Continuity(state, tracker.nowNs);
            beginCapture(in.capture());
        }
        state.lastGeneration = in.generation();
        state.chunk(in.ref());
        tracker.captured(in.capturedUnixNs());
        long notFollowed = requests.notFollowed;
        decoder(in.goMinor()).decode(in.bytes(), tracker);
        tracker.finish();
        faults.limited("requests", requests.notFollowed - notFollowed);
        if (before != null) {
            ledger.resume(before.resume(state, tracker.firstNs));
        }
        return Optional.of(judge(in));
    }

    /** Another capture may be another process: until it shows the contrary, of the old one only what was found stays. */
    private void beginCapture(String capture) {
        state.closeCapture();
        state.goroutines.clear();
        state.causes.forget();
        state.chunks.clear();
        state.capture = capture;
        state.clock.reset();
        state.cohorts.clear();
        detachment.forget();
        state.meter.forgetHeap();
        tracker.nowNs = Long.MIN_VALUE;
        annotations.byTask.clear();
        requests.requests.clear();
        ledger.beginCapture();
    }

    private GenerationDecoder decoder(int goMinor) {
        if (decoder == null || decoderMinor != goMinor) {
            decoder = new GenerationDecoder(goMinor, TraceLimits.defaults());
            decoderMinor = goMinor;
        }
        return decoder;
    }

    private InstanceOutput judge(GenerationInput in) {
        long nowNs = tracker.nowNs;
        long revision = state.clock.known() ? state.clock.wall(nowNs) : in.sequence() + 1;
        List<ChunkRef> chunks = List.copyOf(state.chunks);
        Ledger.Stamp stamp = new Ledger.Stamp(revision, state.clock.known(), in.input(), chunks);
        WindowMaker windows = new WindowMaker(state, instance, in.capture(), in.generation(), tracker.firstNs, nowNs);
        SegmentMaker segmentMaker =
                new SegmentMaker(state, instance, config, requests, late, new PathMaker(state, walk));
        List<SegmentMaker.Made> made =
                segmentMaker.boundary(nowNs, in.sequence() + 1, in.input(), in.capture(), chunks);
        annotations.retain(requests.requests);
        List<RequestSegment> segments =
                made.stream().map(SegmentMaker.Made::segment).toList();
        RuntimeWindow window = windows.runtime();
        List<Finding> findings = new ArrayList<>(judgeProcess(window, segments, nowNs, stamp));
        findings.addAll(judgeRequests(made, stamp));
        quarantine.end();
        faults.limited("findings", ledger.notTaken);
        ledger.notTaken = 0;
        return new InstanceOutput(findings, segments, window, windows.routes(segments), windows.profile());
    }

    private List<Finding> judgeProcess(
            RuntimeWindow window, List<RequestSegment> segments, long nowNs, Ledger.Stamp stamp) {
        StuckCollector stuck =
                new StuckCollector(state, requests.requests, requests.nextLocal - 1, nowNs, config.leakMinWaitNs());
        ProcessView view = new ProcessView(
                config,
                userCode,
                window,
                stuck.collect(),
                state.locks.waits(),
                Map.copyOf(state.meter.assistNs),
                Map.copyOf(state.meter.hogNs),
                new HeapSeries(List.copyOf(state.meter.heapGoals), nowNs),
                new Pauses(state.world.longest(), state.world.byKindNs()),
                new SurgeCollector(state, config, nowNs).collect(),
                segments.stream().filter(s -> !s.endTruncated()).toList());
        List<Finding> findings = new ArrayList<>();
        for (ProcessDetector detector : detectors.process()) {
            Optional<List<Judgement>> judged =
                    quarantine.ask(detector.kind().id(), 1, () -> bounded(detector.judge(view)));
            if (judged.isEmpty()) {
                continue; // what it said before stands
            }
            findings.addAll(ledger.judged(detector.kind(), judged.get(), stamp));
        }
        return findings;
    }

    private List<Finding> judgeRequests(List<SegmentMaker.Made> made, Ledger.Stamp stamp) {
        Set<Long> followed = new java.util.HashSet<>();
        requests.requests.forEach(r -> followed.add(r.local));
        List<Finding> findings = new ArrayList<>();
        for (SegmentMaker.Made m : made) {
            List<Judgement> judged = new ArrayList<>();
            AnalysisConfig scoped =
                    config.scoped(instance.service(), m.segment().route());
            Set<Kind> silent = EnumSet.noneOf(Kind.class);
            for (RequestDetector detector : detectors.request()) {
                quarantine
                        .ask(
                                detector.kind().id(),
                                Quarantine.MAX_REQUESTS_FAILED,
                                () -> bounded(detector.judge(m.segment(), scoped, userCode)))
                        .ifPresentOrElse(judged::addAll, () -> silent.add(detector.kind()));
            }
            long local = m.request().local;
            String requestId = m.segment().requestId();
            findings.addAll(ledger.request(local, requestId, judged, silent, followed.contains(local), stamp));
        }
        ledger.ofRequests.keySet().retainAll(followed);
        return Ledger.oneEach(findings);
    }

    /** A judgement that no record can carry is a bug of its detector: it must not cost the whole generation. */
    private static List<Judgement> bounded(List<Judgement> judged) {
        for (Judgement judgement : judged) {
            if (judgement.textChars() > Judgement.MAX_TEXT_CHARS) {
                throw new IllegalStateException("a judgement of " + judgement.textChars() + " characters, at most "
                        + Judgement.MAX_TEXT_CHARS + " are taken");
            }
        }
        return judged;
    }

    /** Requests that were not followed because too many were open, since the first generation. */
    public long requestsNotFollowed() {
        return requests.notFollowed;
    }

    /** Exceptions of the detectors that {@code faults} was told of, by detector and text of the first. */
    public Map<String, Long> detectorErrors() {
        return faults.list().stream()
                .collect(Collectors.toMap(it -> it.detector() + ": " + it.first(), DetectorFault::count));
    }

    /** The pages that changed since this object was made or the last call; one that is gone has no bytes. */
    public List<StatePage> dirtyPages() {
        return codec.dirty();
    }
}
