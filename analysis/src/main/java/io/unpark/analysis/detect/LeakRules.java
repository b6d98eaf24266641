package io.unpark.analysis.detect;

import io.unpark.analysis.detect.StuckGroup.Member;
import io.unpark.analysis.model.Confidence;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Tells a leak from a look-alike. A wait where nobody waits for long in a correct program is a leak unless the place moves;
 * a wait for something to do needs evidence that nobody will come: creators gone, moment after moment, and none ever woken.
 */
final class LeakRules {
    private static final long MS = 1_000_000L;

    /** Births closer than this, by one creator, are one moment. */
    static final long MOMENT_NS = 200 * MS;

    private static final int MOMENTS_CREATOR_GONE = 3;
    private static final int MOMENTS_CREATOR_ALIVE = 8;
    private static final int MOMENTS_REMOTE = 8;

    private static final int MOMENTS_ORPHANED = 3;

    private static final int STRAGGLER_MIN_COHORT = 10;

    private LeakRules() {}

    static Optional<LeakVerdict> judge(StuckGroup group) {
        if (group.looping()) {
            return LeakLoops.judge(group);
        }
        if (LeakConnections.isIdle(group)) {
            return LeakConnections.judge(group);
        }
        return switch (WaitSort.of(group.place(), group.reason(), group.start())) {
            case NEVER -> Optional.empty();
            case TRANSIENT -> transientWait(group);
            case IDLE_CAPABLE -> idle(group);
            case REMOTE -> remote(group);
        };
    }

    private static Optional<LeakVerdict> transientWait(StuckGroup group) {
        Optional<LeakVerdict> inRound = LeakKin.stuckInRound(group);
        if (inRound.isPresent()) {
            return inRound;
        }
        if (moves(group) || all(group, Member::siblingAtWork) || all(group, LeakRules::inProgress)) {
            return Optional.empty();
        }
        if (group.longestWaitNs() < group.stage().longestNs()) {
            return Optional.empty(); // others have waited here for as long, and got through
        }
        Confidence confidence = group.members().size() > 1 ? Confidence.CERTAIN : Confidence.LIKELY;
        return leak(
                "stuck_transient", "nobody waits here for long in a correct program, and nothing moves", confidence);
    }

    private static Optional<LeakVerdict> idle(StuckGroup group) {
        if (isAbandoned(group)) {
            return leak("client_left", "the client has left, and the handler still waits", Confidence.CERTAIN);
        }
        Optional<LeakVerdict> inRound = LeakKin.stuckInRound(group);
        if (inRound.isPresent()) {
            return inRound;
        }
        if (group.isOld()) {
            return LeakOld.judge(group);
        }
        if (LeakSuccession.isSuperseded(group)) {
            return leak(
                    "superseded",
                    "new ones are made again and again, and the earlier ones are given nothing any more",
                    Confidence.LIKELY);
        }
        if (moves(group) || all(group, LeakRules::inProgress) || reused(group)) {
            return Optional.empty();
        }
        if (isAtWork(group)) {
            return Optional.empty(); // those it was made with, or made itself, go on
        }
        if (endsLater(group)) {
            return Optional.empty();
        }
        if (isOrphaned(group)) {
            return leak("orphaned_wait", "those it waits for are gone, and it waits still", Confidence.LIKELY);
        }
        boolean bound = isOnConnections(group);
        if (!bound && straggles(group)) {
            return leak("straggler", "most of its kind ended long ago", Confidence.LIKELY);
        }
        if (bound || any(group, m -> m.onConnection() && !m.isOld()) || plateau(group)) {
            return Optional.empty();
        }
        return LeakGrowth.judge(group, MOMENTS_CREATOR_GONE, MOMENTS_CREATOR_ALIVE);
    }

    private static Optional<LeakVerdict> remote(StuckGroup group) {
        if (isBodyAwaited(group)) {
            // It waits for whoever reads the body, and a stream is read for as long as it goes on.
            return isBodyLeftOpen(group)
                    ? leak("body_open", "the response's body was not read to its end nor closed", Confidence.LIKELY)
                    : Optional.empty();
        }
        if (group.isOld() && isAnswerAwaited(group)) {
            return moves(group) || all(group, LeakRules::inProgress) || !LeakOld.isBornApart(group)
                    ? Optional.empty()
                    : leak(
                            "old_unanswered",
                            "calls from before the trace have no answer yet, many and born apart",
                            Confidence.LIKELY);
        }
        if (group.isOld()
                && LeakKin.isOutlivedRemote(group)
                && !moves(group)
                && !reused(group)
                && !isOnConnections(group)) {
            return leak("outlived", LeakOld.OUTLIVED, Confidence.LIKELY);
        }
        if (group.isOld() || moves(group) || reused(group) || plateau(group) || all(group, LeakRules::inProgress)) {
            return Optional.empty();
        }
        return LeakGrowth.judge(group, MOMENTS_REMOTE, isByOneCaller(group) ? MOMENTS_CREATOR_ALIVE : Integer.MAX_VALUE)
                .filter(verdict -> verdict.confidence() != Confidence.POSSIBLE);
    }

    /** One that lives and calls others again and again. Whoever accepts connections makes readers for as long as clients come. */
    private static boolean isByOneCaller(StuckGroup group) {
        long creators = group.members().stream().map(Member::creator).distinct().count();
        return creators == 1
                && !LeakCreators.isQuiet(group)
                && group.members().stream().noneMatch(m -> m.isOld() || m.creatorGone() || m.creatorAccepts());
    }

    /** A call of net/http's client that waits for the answer's first byte; a stream's body is read elsewhere. */
    private static boolean isAnswerAwaited(StuckGroup group) {
        return group.place().frames().stream()
                .limit(3)
                .anyMatch(f -> f.function().equals("net/http.(*persistConn).roundTrip"));
    }

    /** Somebody else completed a wait of comparable length at this place since the eldest member came to wait. */
    static boolean moves(StuckGroup group) {
        long comparableNs = Math.max(group.shortestWaitNs() / 4, 20 * MS);
        long lastEndNs = group.movement().lastEndNs(comparableNs);
        return lastEndNs != Long.MIN_VALUE && lastEndNs > group.nowNs() - group.longestWaitNs();
    }

    /** Most are handlers without a client, and a client still waits for each other; of older ones nobody knows. */
    private static boolean isAbandoned(StuckGroup group) {
        List<Member> known = group.members().stream()
                .filter(m -> m.clientLeft() || !m.isOld())
                .toList();
        long left = known.stream().filter(Member::clientLeft).count();
        return left * 2 > known.size() && known.stream().allMatch(m -> m.clientLeft() || inProgress(m));
    }

    private static boolean inProgress(Member member) {
        return member.requestOpen() && !member.clientLeft();
    }

    /** At least one in twenty was woken here before: workers that come back for more. */
    static boolean reused(StuckGroup group) {
        long woken = group.members().stream().filter(m -> m.wokenHere() > 0).count();
        return woken > 0 && woken * 20 >= group.members().size()
                || group.kinServed() > 0
                        && group.kinServed() * 20 >= group.members().size();
    }

    private static boolean straggles(StuckGroup group) {
        boolean mostEnded = group.created() >= STRAGGLER_MIN_COHORT && group.ended() * 5 >= group.created() * 4;
        return (mostEnded || LeakKin.isLeftAgainAndAgain(group))
                && group.shortestWaitNs() > 10 * Math.max(group.longestLifeNs(), 10 * MS);
    }

    private static boolean isAtWork(StuckGroup group) {
        return all(group, m -> m.siblingAtWork() || m.childAtWork());
    }

    /** Again and again: one may wait for somebody whom only the program knows. */
    private static boolean isOrphaned(StuckGroup group) {
        return all(group, Member::orphanedWait) && moments(group.members()) >= MOMENTS_ORPHANED;
    }

    /** Creation stopped while the creators go on: a pool that is full, workers started at boot. */
    static boolean plateau(StuckGroup group) {
        if (LeakCreators.haveStopped(group)) {
            return true;
        }
        long quietNs = group.nowNs() - group.lastCreatedNs();
        long activeAfter = group.members().stream()
                .filter(m -> m.bornInRequest() != 0)
                .filter(m -> !m.creatorGone() && m.creatorActiveNs() > group.lastCreatedNs() + MOMENT_NS)
                .count();
        return quietNs > 1_500 * MS && activeAfter * 2 > group.members().size();
    }

    /** Some of its kind ended at an age that none of these has passed by much: they are done away with later. */
    static boolean endsLater(StuckGroup group) {
        long eldestNs = group.members().stream()
                .filter(m -> !m.isOld())
                .mapToLong(m -> group.nowNs() - m.createdNs())
                .max()
                .orElse(Long.MAX_VALUE);
        return group.longestLifeNs() >= eldestNs / 5 * 4;
    }

    /** Who created those older than the trace is not known. */
    static boolean isMostOfKnown(int count, StuckGroup group) {
        long known = group.members().stream().filter(m -> !m.isOld()).count();
        return count * 2L > known;
    }

    /** Distinct moments of birth: a creator's goroutines born together count once. */
    static int moments(List<Member> members) {
        Set<List<Long>> moments = new HashSet<>();
        for (Member m : members) {
            if (!m.isOld()) {
                moments.add(List.of(m.creator(), m.bornInRequest(), m.createdNs() / MOMENT_NS));
            }
        }
        return moments.size();
    }

    /** Most of those that are older than the trace have a connection in use, or a request that runs, next to them. */
    static boolean isOnConnections(StuckGroup group) {
        long bound = group.members().stream().filter(Member::onConnection).count();
        return bound * 2 > group.members().size();
    }

    private static boolean isBodyAwaited(StuckGroup group) {
        return group.start().equals("net/http.(*persistConn).readLoop")
                && group.place().frames().stream()
                        .limit(2)
                        .anyMatch(f -> f.function().startsWith("net/http.(*persistConn).readLoop"));
    }

    private static boolean isBodyLeftOpen(StuckGroup group) {
        return !moves(group) && group.members().size() - group.bodiesRead() >= 3;
    }

    private static boolean all(StuckGroup group, Predicate<Member> test) {
        return group.members().stream().allMatch(test);
    }

    private static boolean any(StuckGroup group, Predicate<Member> test) {
        return group.members().stream().anyMatch(test);
    }

    static Optional<LeakVerdict> leak(String rule, String why, Confidence confidence) {
        return Optional.of(new LeakVerdict(rule, why, confidence));
    }
}
