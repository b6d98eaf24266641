package io.unpark.analysis.detect;

import io.unpark.analysis.detect.StuckGroup.Member;
import io.unpark.analysis.model.Confidence;
import java.util.List;
import java.util.Optional;

/**
 * Loops that requests started and left behind: a ticker or a poll that nobody stops. They wake, so that how long they wait tells
 * nothing; that each request leaves one more, that only timers wake them and that none ends does.
 */
final class LeakLoops {
    private static final int MOMENTS = 5;

    /** One that only sleeps may have steps to do before it ends. */
    private static final int MOMENTS_SLEEPING = 8;

    /** By one creator that goes on. */
    private static final int TIMES_BY_ONE = 10;

    private LeakLoops() {}

    static Optional<LeakVerdict> judge(StuckGroup group) {
        if (someEnded(group) || LeakRules.isOnConnections(group) || LeakCreators.haveStopped(group)) {
            return Optional.empty();
        }
        if (isMadeAgainAndAgain(group)) {
            return Optional.of(new LeakVerdict(
                    "left_looping",
                    "one creator makes another again and again, and only timers wake them",
                    Confidence.LIKELY));
        }
        if (!isLeftBehind(group)) {
            return Optional.empty();
        }
        return Optional.of(new LeakVerdict(
                "left_looping", "each request leaves one behind, which only timers wake", Confidence.LIKELY));
    }

    /** After a life that compares with theirs: what ends at once has no loop to leave. */
    private static boolean someEnded(StuckGroup group) {
        long youngestNs = group.members().stream()
                .filter(m -> !m.isOld())
                .mapToLong(m -> group.nowNs() - m.createdNs())
                .min()
                .orElse(0);
        return group.ended() > 0 && group.longestLifeNs() * 4 >= youngestNs;
    }

    /** By one that lives, for as long as we look: a fleet is complete some time. */
    private static boolean isMadeAgainAndAgain(StuckGroup group) {
        List<Member> members = group.members();
        return !group.isOld()
                && members.stream().map(Member::creator).distinct().count() == 1
                && members.stream().noneMatch(m -> m.creatorGone() || m.bornInRequest() != 0)
                && LeakCreators.times(members) >= TIMES_BY_ONE
                && !LeakCreators.isQuiet(group);
    }

    private static boolean isLeftBehind(StuckGroup group) {
        if (group.isOld()) {
            return LeakOld.isBornApart(group) && (LeakOld.isMoreThanAFleet(group) || LeakKin.haveEnded(group));
        }
        List<Member> gone = group.members().stream().filter(Member::creatorGone).toList();
        return LeakRules.isMostOfKnown(gone.size(), group)
                && LeakCreators.distinct(gone) >= (group.reason().equals("sleep") ? MOMENTS_SLEEPING : MOMENTS);
    }
}
