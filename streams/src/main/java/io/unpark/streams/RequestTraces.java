package io.unpark.streams;

import io.unpark.analysis.model.RequestSegment;
import io.unpark.analysis.request.CausalChain;
import io.unpark.analysis.request.RequestSet;
import io.unpark.schemas.Topics;
import io.unpark.schemas.record.RequestTrace;
import java.util.Comparator;
import java.util.List;

/** A request's set of segments as the record that the readers of {@code go-requests} get. */
final class RequestTraces {
    private static final int MAX_SEGMENTS = 64;
    private static final Comparator<RequestSegment> BY_START = Comparator.comparingLong(RequestSegment::startNs)
            .thenComparing(s -> s.instance().name())
            .thenComparing(RequestSegment::segmentId);

    private RequestTraces() {}

    /** The earliest segments, as many as the schema and the topic take; how many were left out is said. */
    static void addTo(Outbox outbox, String requestId, RequestSet set, long revision) {
        List<RequestSegment> byStart = set.segments().stream().sorted(BY_START).toList();
        int kept = Math.min(MAX_SEGMENTS, byStart.size());
        while (!outbox.addIfFits(
                Topics.REQUESTS, requestId, trace(requestId, revision, byStart, kept, set.ignored()))) {
            kept /= 2;
        }
    }

    private static RequestTrace trace(
            String requestId, long revision, List<RequestSegment> byStart, int kept, long ignored) {
        long leftOut = byStart.size() - kept + ignored;
        return new RequestTrace(
                requestId,
                revision,
                byStart.subList(0, kept).stream().map(SegmentMapper::toAvro).toList(),
                (int) Math.min(Integer.MAX_VALUE, leftOut),
                PartMapper.causeToAvro(CausalChain.ofRequest(byStart)));
    }
}
