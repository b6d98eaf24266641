package io.unpark.streams;

import io.unpark.analysis.model.Finding;
import io.unpark.analysis.request.RequestSet;
import io.unpark.schemas.Topics;
import io.unpark.schemas.record.RequestSegment;
import io.unpark.schemas.registry.ArrivedRecord;
import java.util.List;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;

/** Segments to requests: each arrival judges the request's whole set again, so that the verdict does not depend on order. */
final class RequestProcessor implements Processor<String, ArrivedRecord<RequestSegment>, String, byte[]> {
    static final String SEGMENTS = "request-segments";
    static final String ARRIVALS = "request-arrivals";

    private static final int MAX_ID_CHARS = 4096;

    private final StreamsLimits limits;
    private final AnalysisSettings analysis;
    private final StreamsCounters counters;
    private final Outbox outbox;

    private ProcessorContext<String, byte[]> context;
    private StoredSegments stored;
    private ArrivalIndex arrivals;
    private final RecentRequests recent = new RecentRequests();

    RequestProcessor(Wiring wiring, StreamsLimits limits, AnalysisSettings analysis, StreamsCounters counters) {
        this.limits = limits;
        this.analysis = analysis;
        this.counters = counters;
        this.outbox = new Outbox(wiring, RequestTopology.STAGE);
    }

    @Override
    public void init(ProcessorContext<String, byte[]> context) {
        this.context = context;
        stored = new StoredSegments(context.getStateStore(SEGMENTS));
        arrivals = new ArrivalIndex(
                context.getStateStore(ARRIVALS), limits.evictEvery().toMillis());
        // A request's parts come from several clocks, so only the wall time since the last arrival tells that it is
        // over.
        context.schedule(limits.evictEvery(), PunctuationType.WALL_CLOCK_TIME, this::evict);
    }

    @Override
    public void process(Record<String, ArrivedRecord<RequestSegment>> record) {
        outbox.clear();
        if (record.value() == null) {
            throw new RefusedInputException("a segment without a value");
        }
        check(record.key(), record.value().value());
        var segment = SegmentMapper.toDomain(record.value().value());
        String id = segment.requestId();
        RecentRequests.Held held = recent.take(id).orElseGet(() -> load(id));
        RequestSet set = held.set();
        boolean silent = set.standing().isEmpty();
        if (judge(segment, set)) {
            byte[] state = record.value().toState();
            stored.put(segment, state);
            recent.keep(id, new RecentRequests.Held(set, held.bytes() + state.length));
            if (silent && !set.standing().isEmpty()) {
                counters.newRequestFindings.ask(context);
            }
        }
        arrivals.touch(id, context.currentSystemTimeMs());
        while (arrivals.size() > limits.maxRequests()) {
            arrivals.oldest(1).forEach(this::forget);
        }
        outbox.send(context, record.timestamp());
    }

    /** What never arrived has no segments: most requests have one, and a look into the store costs more than the rest. */
    private RecentRequests.Held load(String id) {
        return arrivals.knows(id) ? stored.load(id, analysis) : StoredSegments.none(analysis);
    }

    private static void check(String key, RequestSegment segment) {
        String id = segment.getRequestId();
        if (!id.equals(key)) {
            throw new RefusedInputException("key " + key + " is not that of its request, " + id);
        }
        if (id.isEmpty() || id.length() > MAX_ID_CHARS || id.indexOf(StoredSegments.SEPARATOR) >= 0) {
            throw new RefusedInputException("a request id of " + id.length() + " characters, or with a NUL");
        }
    }

    /** Fills the outbox; returns whether the set changed. Writes nothing. */
    private boolean judge(io.unpark.analysis.model.RequestSegment segment, RequestSet set) {
        try {
            List<Finding> changes = set.change(segment);
            if (set.segments().stream().noneMatch(held -> held == segment)) {
                counters.segmentsIgnored.add(set.ignored());
                return false;
            }
            for (Finding finding : changes) {
                outbox.add(Topics.FINDINGS, finding.anomalyId(), FindingMapper.toAvro(finding));
            }
            counters.findings.add(changes.size());
            if (set.isAmongSlowest() || !set.standing().isEmpty()) {
                RequestTraces.addTo(outbox, segment.requestId(), set, set.revision());
            }
            return true;
        } catch (RuntimeException e) {
            throw Failures.refusal("a segment of request " + segment.requestId() + " is refused", e);
        }
    }

    private void evict(long nowMs) {
        long silentSinceMs = nowMs - limits.requestRetention().toMillis();
        arrivals.silentSince(silentSinceMs, limits.maxEvictionsPerRun()).forEach(this::forget);
    }

    private void forget(String requestId) {
        recent.take(requestId);
        stored.deleteAll(requestId);
        arrivals.remove(requestId);
        counters.evictedRequests.increment();
    }

    /** A task that closes may have been aborted: the heap copies may be ahead of the store. */
    @Override
    public void close() {
        recent.clear();
    }
}
