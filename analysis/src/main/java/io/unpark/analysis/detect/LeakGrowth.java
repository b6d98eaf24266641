package io.unpark.analysis.detect;

import io.unpark.analysis.detect.StuckGroup.Member;
import io.unpark.analysis.model.Confidence;
import java.util.List;
import java.util.Optional;

/** More are left behind each time: goroutines made at many moments, whose creators are gone, and none of which was ever woken. */
final class LeakGrowth {
    private static final int MOMENTS_POSSIBLE = 2;

    /** By a living creator that has stopped: fewer made one by one are an ordinary fleet, of partitions, tenants, devices. */
    private static final int FLEET = 20;

    private LeakGrowth() {}

    /**
     * @param creatorsGone so many creators that are gone are enough
     * @param creatorsAlive so many moments are enough, whoever created them
     */
    static Optional<LeakVerdict> judge(StuckGroup group, int creatorsGone, int creatorsAlive) {
        List<Member> gone = group.members().stream().filter(Member::creatorGone).toList();
        int goneMoments = LeakCreators.distinct(gone);
        int allMoments = LeakRules.moments(group.members());
        boolean most = LeakRules.isMostOfKnown(gone.size(), group);
        if (goneMoments >= creatorsGone && most || allMoments >= creatorsAlive && !isFleet(group)) {
            // Never certain: a clean-up that comes later than the trace ends looks the same.
            return LeakRules.leak(
                    "growth", "more are left behind each time, and none was ever woken", Confidence.LIKELY);
        }
        boolean some = goneMoments >= MOMENTS_POSSIBLE && most;
        return some
                ? LeakRules.leak("few_left_behind", "some were left behind, too few to tell more", Confidence.POSSIBLE)
                : Optional.empty();
    }

    /** Made one by one by somebody who has stopped or ended: what there was to be set up is there. */
    private static boolean isFleet(StuckGroup group) {
        return LeakCreators.isQuiet(group) && LeakCreators.times(group.members()) < FLEET
                || LeakCreators.isOneJobDone(group.members());
    }
}
