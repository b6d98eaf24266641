package io.unpark.analysis.request;

import io.unpark.analysis.model.Ids;
import io.unpark.analysis.model.RequestSegment;
import io.unpark.analysis.request.CallIndex.Call;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Who called whom among the segments of one request. Annotated calls say it by their span. Where only ids were logged, the
 * segments of other processes that were at work when this one began stand above it; which of them called it is not known.
 */
final class Hops {
    /** Longer chains are cut: a cycle of forged spans must end too. */
    private static final int MAX_DEPTH = 64;

    private static final Comparator<RequestSegment> FIRST =
            Comparator.comparingLong(RequestSegment::startNs).thenComparing(SegmentKey::of);

    private final long clockErrorNs;
    private final CallIndex calls;
    private final List<RequestSegment> segments;
    private final Map<SegmentKey, List<RequestSegment>> above = new LinkedHashMap<>();

    Hops(Collection<RequestSegment> segments, long clockErrorNs) {
        this.clockErrorNs = clockErrorNs;
        this.calls = new CallIndex(segments);
        this.segments = segments.stream().sorted(FIRST).toList();
        this.segments.forEach(segment -> above.put(SegmentKey.of(segment), findAbove(segment)));
    }

    /** In order of their start. */
    List<RequestSegment> segments() {
        return segments;
    }

    Optional<Call> callOf(RequestSegment callee) {
        return calls.callOf(callee);
    }

    /** All that stand above a segment, the first to begin first. */
    List<RequestSegment> above(RequestSegment segment) {
        return above.get(SegmentKey.of(segment));
    }

    /** The segments below it, in order of their start. */
    List<RequestSegment> below(RequestSegment segment) {
        SegmentKey key = SegmentKey.of(segment);
        return segments.stream()
                .filter(other ->
                        above(other).stream().anyMatch(a -> SegmentKey.of(a).equals(key)))
                .toList();
    }

    private List<RequestSegment> findAbove(RequestSegment segment) {
        boolean saysItsParent =
                segment.deadlineSigns().told() || callOf(segment).isPresent();
        return saysItsParent ? callers(segment) : enclosing(segment);
    }

    private List<RequestSegment> callers(RequestSegment segment) {
        List<RequestSegment> callers = new ArrayList<>();
        RequestSegment at = segment;
        while (callers.size() < MAX_DEPTH) {
            Optional<Call> call = callOf(at);
            if (call.isEmpty()) {
                break;
            }
            at = call.get().caller();
            callers.add(0, at);
        }
        return callers;
    }

    private List<RequestSegment> enclosing(RequestSegment segment) {
        String process = Ids.subject(segment.instance());
        return segments.stream()
                .filter(other -> !Ids.subject(other.instance()).equals(process))
                .filter(other ->
                        other.startNs() < segment.startNs() && other.endNs() > segment.startNs() - clockErrorNs)
                .filter(other -> DeadlineFacts.mayAwait(other, segment))
                .toList();
    }
}
