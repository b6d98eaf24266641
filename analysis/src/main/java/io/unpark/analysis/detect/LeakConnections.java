package io.unpark.analysis.detect;

import io.unpark.analysis.detect.StuckGroup.Member;
import io.unpark.analysis.model.Confidence;
import io.unpark.analysis.model.Frame;
import java.util.List;
import java.util.Optional;

/**
 * Idle connections of net/http's client. One transport uses them again, so that few are enough; who makes a transport for each
 * request, or each client, leaves one idle connection and its two goroutines every time.
 */
final class LeakConnections {
    private static final long MS = 1_000_000L;
    private static final int MIN_REQUESTS = 8;

    /** Idle for good as soon after its birth: it was of use once. */
    private static final long ONE_USE_NS = 250 * MS;

    private LeakConnections() {}

    /** Read loops of connections that wait for their next use. */
    static boolean isIdle(StuckGroup group) {
        return group.start().equals("net/http.(*persistConn).readLoop")
                && group.place().frames().stream().map(Frame::function).anyMatch(f -> f.equals("bufio.(*Reader).Peek"));
    }

    static Optional<LeakVerdict> judge(StuckGroup group) {
        List<Member> usedOnce = group.members().stream()
                .filter(m -> !m.isOld() && m.bornInRequest() != 0 && !m.requestOpen())
                .filter(m -> m.sinceNs() - m.createdNs() < ONE_USE_NS)
                .toList();
        boolean allOnce = usedOnce.size() == group.members().size() && group.ended() == 0;
        if (!allOnce || LeakCreators.distinct(usedOnce) < MIN_REQUESTS || LeakCreators.times(usedOnce) < MIN_REQUESTS) {
            return Optional.empty();
        }
        return LeakRules.plateau(group)
                ? Optional.empty()
                : Optional.of(new LeakVerdict(
                        "idle_connections",
                        "each request leaves an idle connection behind, and none is ever used again",
                        Confidence.LIKELY));
    }
}
