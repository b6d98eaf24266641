package io.unpark.analysis.detect;

import io.unpark.analysis.detect.StuckGroup.Kin;
import io.unpark.analysis.detect.StuckGroup.Member;
import io.unpark.analysis.detect.StuckGroup.Stage;
import io.unpark.analysis.model.Confidence;
import java.util.Optional;

/**
 * What others of their kind do tells of those that wait. Channels and conditions serve who has waited longest first: where the others
 * come and go in milliseconds, one that has stood for seconds waits for something else.
 */
final class LeakKin {
    private static final long MS = 1_000_000L;

    /** Of the kind, created in the trace. */
    private static final int MIN_CREATED = 8;

    /** Births before the trace, in different requests. */
    private static final int MIN_FAR = 3;

    /** So many times the longest life of those that ended. */
    private static final int TIMES_A_LIFE = 8;

    /** Another machine may keep one waiting for long: there the others must be much quicker, and many left. */
    private static final int TIMES_A_LIFE_REMOTE = 64;

    private static final int MIN_CREATED_REMOTE = 20;
    private static final int MIN_FAR_REMOTE = 8;

    private static final int MIN_PASSED = 20;
    private static final int MIN_PASSING = 2;
    private static final int TIMES_A_PASSAGE = 16;
    private static final long MIN_STAND_NS = 2_000 * MS;

    private static final int MIN_ENDED = 10;
    private static final int MIN_LEFT = 5;

    private LeakKin() {}

    /** Older than the trace, while those made since, of the same start function, have ended, all after a life far shorter. */
    static boolean isOutlived(StuckGroup group) {
        if (group.kin().ofLibrary()) {
            return isOutlivedByFar(group) && isPassedByFar(group);
        }
        return endedSoon(group, MIN_CREATED, TIMES_A_LIFE) && group.births().far() >= MIN_FAR;
    }

    /** As {@link #isOutlived}, of those that wait for another machine. */
    static boolean isOutlivedRemote(StuckGroup group) {
        return !group.kin().ofLibrary() && isOutlivedByFar(group);
    }

    private static boolean isOutlivedByFar(StuckGroup group) {
        return endedSoon(group, MIN_CREATED_REMOTE, TIMES_A_LIFE_REMOTE)
                && group.births().far() >= MIN_FAR_REMOTE;
    }

    /** A library may start anything with the same function: those that waited at the same place are of the same kind. */
    private static boolean isPassedByFar(StuckGroup group) {
        return group.stage().completed() >= MIN_PASSED
                && isFarLongerThan(group.stage().longestNs(), TIMES_A_LIFE_REMOTE, group);
    }

    /** Those made since have ended, nearly all. */
    static boolean haveEnded(StuckGroup group) {
        return group.kin().created() >= MIN_CREATED
                && group.kin().ended() * 5 >= group.kin().created() * 4;
    }

    private static boolean endedSoon(StuckGroup group, int minCreated, int times) {
        Kin kin = group.kin();
        return kin.created() >= minCreated && haveEnded(group) && isFarLongerThan(kin.longestLifeNs(), times, group);
    }

    private static boolean isFarLongerThan(long ns, int times, StuckGroup group) {
        return group.shortestWaitNs() > times * Math.max(ns, 10 * MS);
    }

    /** Half of its kind and more ended soon, and again and again one did not. */
    static boolean isLeftAgainAndAgain(StuckGroup group) {
        return group.ended() >= MIN_ENDED
                && group.ended() * 2 >= group.created()
                && LeakRules.moments(group.members()) >= MIN_LEFT;
    }

    /** For its kind the place is a short one in a round through several, and these have stood there for long. */
    static Optional<LeakVerdict> stuckInRound(StuckGroup group) {
        Stage stage = group.stage();
        boolean isPassage = stage.completed() >= MIN_PASSED && stage.passing() >= MIN_PASSING;
        boolean open = group.members().stream().anyMatch(m -> m.requestOpen() && !m.clientLeft());
        long longNs = Math.max(MIN_STAND_NS, TIMES_A_PASSAGE * stage.longestNs());
        long standing = group.members().stream()
                .map(Member::sinceNs)
                .filter(sinceNs -> group.nowNs() - sinceNs >= longNs)
                .count();
        if (!isPassage
                || open
                || group.looping()
                || standing * 2 <= group.members().size()) {
            return Optional.empty();
        }
        Confidence confidence = standing > 1 ? Confidence.LIKELY : Confidence.POSSIBLE;
        return LeakRules.leak(
                "stuck_in_round",
                "others of its kind pass here in a moment, again and again, and it stands",
                confidence);
    }
}
