package io.unpark.analysis.request;

import io.unpark.analysis.model.RequestSegment;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Which segment was called by which outgoing call: its parent is the call's span. */
final class CalleeIndex {
    /** A call that was sent again has several: the longest, and the choice does not hang on the order. */
    private static final Comparator<RequestSegment> LONGEST = Comparator.comparingLong(
                    (RequestSegment s) -> s.endNs() - s.startNs())
            .thenComparing(SegmentKey::of);

    private final Map<String, RequestSegment> byParent = new HashMap<>();

    CalleeIndex(Collection<RequestSegment> segments) {
        for (RequestSegment segment : segments) {
            if (!segment.parentSpanId().isEmpty()) {
                byParent.merge(segment.parentSpanId(), segment, (a, b) -> LONGEST.compare(a, b) >= 0 ? a : b);
            }
        }
    }

    Optional<RequestSegment> calledBy(RequestSegment caller, String span) {
        return Optional.ofNullable(byParent.get(span))
                .filter(callee -> !SegmentKey.of(callee).equals(SegmentKey.of(caller)));
    }
}
