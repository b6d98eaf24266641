package io.unpark.analysis.detect;

import io.unpark.analysis.model.Confidence;
import java.util.Optional;

/** Those that are older than the trace, and may have something to wait for: their numbers tell, and what became of their kin. */
final class LeakOld {
    static final String OUTLIVED = "those made since the trace began ended soon, and these have waited since before";

    private static final int APART = 8;
    private static final int POSSIBLE = 3;

    /** Fewer, made one by one, and none since, are an ordinary fleet: of tenants, topics, schedules. */
    private static final int FLEET = 14;

    private LeakOld() {}

    /** Older than the trace: only many of them, born apart, tell. */
    static Optional<LeakVerdict> judge(StuckGroup group) {
        if (LeakSuccession.isSupersededOld(group) && !LeakRules.isOnConnections(group)) {
            return LeakRules.leak(
                    "superseded",
                    "only those made later are given anything, the earlier ones nothing",
                    Confidence.LIKELY);
        }
        boolean kinServed = group.births().served() * 20 >= group.births().count()
                && group.births().served() > 0;
        if (kinServed || LeakRules.moves(group) || LeakRules.reused(group) || LeakRules.isOnConnections(group)) {
            return Optional.empty();
        }
        if (LeakKin.isOutlived(group)) {
            return LeakRules.leak("outlived", OUTLIVED, Confidence.LIKELY);
        }
        if (!isBornApart(group) || !isMoreThanAFleet(group)) {
            return group.births().far() >= POSSIBLE
                    ? LeakRules.leak("few_old", "some wait since before the trace, born far apart", Confidence.POSSIBLE)
                    : Optional.empty();
        }
        return LeakRules.leak(
                "old_many", "many wait since before the trace, born at different moments", Confidence.LIKELY);
    }

    /**
     * Born at many moments, between others that came and went: far apart, or as many each time. So requests leave something
     * behind; a burst that grows a pool does neither.
     */
    static boolean isBornApart(StuckGroup group) {
        StuckGroup.Births births = group.births();
        boolean even = births.even() * 4 >= births.apart() * 3;
        return births.apart() >= APART && (even || births.far() >= APART);
    }

    static boolean isMoreThanAFleet(StuckGroup group) {
        return group.births().apart() >= FLEET;
    }
}
