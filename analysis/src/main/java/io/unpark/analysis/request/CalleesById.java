package io.unpark.analysis.request;

import io.unpark.analysis.model.Ids;
import io.unpark.analysis.model.PathHop;
import io.unpark.analysis.model.RequestSegment;
import io.unpark.analysis.model.Wait;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Who was called by whom where only ids are logged and no call is: a part of a request that no known call led to belongs to the
 * wait for an answer, in another process, that it fits into by its length. Where several are long enough it is the one that it
 * overlaps with most on the clocks as they are. A function of the set; inferred.
 */
final class CalleesById {
    /** Comparing everything with everything: of larger requests nothing is inferred. */
    private static final int MAX_SEGMENTS = 64;

    /** A wait for an answer, and the part of the request that gave it. */
    record Answer(Wait awaited, RequestSegment callee) {
        /** Whether a hop of the caller's path is that wait. */
        boolean isAt(PathHop hop) {
            return hop.reason().equals(awaited.reason())
                    && hop.at().equals(awaited.stack().frames().get(0))
                    && (hop.line().function().isEmpty()
                            || awaited.stack().frames().contains(hop.line()));
        }
    }

    private record Candidate(RequestSegment caller, Wait awaited, long overlapNs) {}

    private static final Comparator<Candidate> BEST = Comparator.comparingLong(Candidate::overlapNs)
            .reversed()
            .thenComparingLong(c -> c.awaited().durationNs())
            .thenComparing(c -> SegmentKey.of(c.caller()))
            .thenComparingLong(c -> c.awaited().startNs())
            .thenComparingLong(c -> c.awaited().goroutine());

    private final Map<SegmentKey, List<Answer>> byCaller = new HashMap<>();

    CalleesById(Collection<RequestSegment> segments) {
        if (segments.size() < 2 || segments.size() > MAX_SEGMENTS) {
            return;
        }
        Set<String> calls = new HashSet<>();
        segments.forEach(s -> s.calls().forEach(call -> calls.add(call.spanId())));
        List<RequestSegment> sorted =
                segments.stream().sorted(Comparator.comparing(SegmentKey::of)).toList();
        for (RequestSegment callee : sorted) {
            boolean linked = !callee.parentSpanId().isEmpty() && calls.contains(callee.parentSpanId());
            if (!linked) {
                waitFor(callee, sorted);
            }
        }
    }

    private void waitFor(RequestSegment callee, List<RequestSegment> segments) {
        String process = Ids.subject(callee.instance());
        long lengthNs = callee.endNs() - callee.startNs();
        List<Candidate> candidates = new ArrayList<>();
        for (RequestSegment caller : segments) {
            boolean mayCall = caller.calls().isEmpty()
                    && !Ids.subject(caller.instance()).equals(process)
                    && caller.endNs() - caller.startNs() + DeadlineFacts.SAME_NS >= lengthNs;
            for (Wait wait : mayCall ? caller.waits() : List.<Wait>of()) {
                if (DeadlineFacts.isRoundTrip(wait) && wait.durationNs() + DeadlineFacts.SAME_NS >= lengthNs) {
                    candidates.add(new Candidate(caller, wait, overlapNs(wait, callee)));
                }
            }
        }
        candidates.stream()
                .min(BEST)
                .ifPresent(best -> byCaller.computeIfAbsent(SegmentKey.of(best.caller()), key -> new ArrayList<>())
                        .add(new Answer(best.awaited(), callee)));
    }

    private static long overlapNs(Wait wait, RequestSegment callee) {
        long fromNs = Math.max(wait.startNs(), callee.startNs());
        long toNs = Math.min(wait.startNs() + wait.durationNs(), callee.endNs());
        return Math.max(0, toNs - fromNs);
    }

    /** The answers that a segment waited for. */
    List<Answer> of(RequestSegment caller) {
        return byCaller.getOrDefault(SegmentKey.of(caller), List.of());
    }
}
