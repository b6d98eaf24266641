package io.unpark.analysis.instance;

import io.unpark.analysis.config.AnalysisConfig;
import io.unpark.analysis.detect.Detectors;
import io.unpark.analysis.detect.HeapSeries;
import io.unpark.analysis.detect.Judgement;
import io.unpark.analysis.detect.Pauses;
import io.unpark.analysis.detect.ProcessDetector;
import io.unpark.analysis.detect.ProcessView;
import io.unpark.analysis.detect.RequestDetector;
import io.unpark.analysis.model.ChunkRef;
import io.unpark.analysis.model.Finding;
import io.unpark.analysis.model.Instance;
import io.unpark.analysis.model.RequestSegment;
import io.unpark.analysis.model.RuntimeWindow;
import io.unpark.analysis.place.UserCode;
import io.unpark.trace.GenerationDecoder;
import io.unpark.trace.TraceFormatException;
import io.unpark.trace.TraceLimits;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

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
    private final RequestTracker requests;
    private final RequestAnnotations annotations;
    private final GenerationTracker tracker;
    private final Ledger ledger;
    private final StateCodec codec;
    private final Map<String, Long> detectorErrors = new TreeMap<>();
    private GenerationDecoder decoder;
    private int decoderMinor;

    /** A correlator that knows nothing yet. */
    public InstanceCorrelator(Instance instance, AnalysisConfig config) {
        this.instance = instance;
        this.config = config.scoped(instance.service(), "");
        this.userCode = config.userPackages().isEmpty() ? UserCode.standard() : UserCode.of(config.userPackages());
        this.state = new InstanceState(userCode);
        this.detachment = new Detachment(this.config.deadlineSlackNs(), state.cohorts);
        this.late = new LateWatch(this.config.deadlineSlackNs(), state.clock, detachment);
        this.requests = new RequestTracker(state.shapes, userCode, state.world, late);
        this.annotations = new RequestAnnotations(requests, late);
        this.tracker = new GenerationTracker(state, requests, annotations, late);
        this.ledger = new Ledger(instance, config.hash());
        this.codec = new StateCodec(state, requests, annotations, tracker, ledger);
    }

    /**
     * A correlator as it was when {@code pages} were written.
     *
     * @throws io.unpark.analysis.codec.CodecException when they are damaged or of another version
     */
    public static InstanceCorrelator restore(Instance instance, AnalysisConfig config, Iterable<StatePage> pages) {
        InstanceCorrelator correlator = new InstanceCorrelator(instance, config);
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
        if (in.capture().equals(state.capture)) {
            if (in.generation() != state.lastGeneration + 1) {
                requests.gap(state.goroutines, tracker.nowNs);
                detachment.forget();
                state.gap();
            }
        } else {
            beginCapture(in.capture());
        }
        state.lastGeneration = in.generation();
        state.chunk(in.ref());
        tracker.captured(in.capturedUnixNs());
        decoder(in.goMinor()).decode(in.bytes(), tracker);
        tracker.finish();
        return Optional.of(judge(in));
    }

    /** Another capture may be another process: of the old one only what was found stays. */
    private void beginCapture(String capture) {
        state.closeCapture();
        state.goroutines.clear();
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
        SegmentMaker segmentMaker = new SegmentMaker(state, instance, requests, late);
        List<SegmentMaker.Made> made =
                segmentMaker.boundary(nowNs, in.sequence() + 1, in.input(), in.capture(), chunks);
        annotations.retain(requests.requests);
        List<RequestSegment> segments =
                made.stream().map(SegmentMaker.Made::segment).toList();
        RuntimeWindow window = windows.runtime();
        List<Finding> findings = new ArrayList<>(judgeProcess(window, nowNs, stamp));
        findings.addAll(judgeRequests(made, stamp));
        return new InstanceOutput(findings, segments, window, windows.routes(segments), windows.profile());
    }

    private List<Finding> judgeProcess(RuntimeWindow window, long nowNs, Ledger.Stamp stamp) {
        StuckCollector stuck = new StuckCollector(state, requests.requests, nowNs, config.leakMinWaitNs());
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
                new SurgeCollector(state, config, nowNs).collect());
        List<Finding> findings = new ArrayList<>();
        for (ProcessDetector detector : Detectors.PROCESS) {
            Optional<List<Judgement>> judged = guarded(detector.kind().id(), () -> detector.judge(view));
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
            for (RequestDetector detector : Detectors.REQUEST) {
                guarded(detector.kind().id(), () -> detector.judge(m.segment(), scoped, userCode))
                        .ifPresent(judged::addAll);
            }
            long local = m.request().local;
            findings.addAll(ledger.request(local, m.segment().requestId(), judged, followed.contains(local), stamp));
        }
        ledger.ofRequests.keySet().retainAll(followed);
        return Ledger.oneEach(findings);
    }

    /** A detector's bug costs its own judgement; the others go on. */
    private Optional<List<Judgement>> guarded(String kind, java.util.function.Supplier<List<Judgement>> detector) {
        try {
            return Optional.of(detector.get());
        } catch (RuntimeException e) {
            detectorErrors.merge(kind + ": " + e, 1L, Long::sum);
            return Optional.empty();
        }
    }

    /** Requests that were not followed because too many were open, since the first generation. */
    public long requestsNotFollowed() {
        return requests.notFollowed;
    }

    /** Exceptions of detectors since this object was made, by kind and text. */
    public Map<String, Long> detectorErrors() {
        return Map.copyOf(detectorErrors);
    }

    /** The pages that changed since this object was made or the last call; one that is gone has no bytes. */
    public List<StatePage> dirtyPages() {
        return codec.dirty();
    }
}
