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
        boolean fleet = LeakCreators.isQuiet(group) && LeakCreators.times(group.members()) < FLEET
                || LeakCreators.isOneJobDone(group.members());
        if (goneMoments >= creatorsGone && most || allMoments >= creatorsAlive && !fleet) {
            // Never certain: a clean-up that comes later than the trace ends looks the same.
            return LeakRules.leak(
                    "growth", "more are left behind each time, and none was ever woken", Confidence.LIKELY);
        }
        if (goneMoments >= MOMENTS_POSSIBLE && isLeftByEach(group)) {
            return LeakRules.leak(
                    "left_by_each",
                    "each of those that created one has ended and left it waiting, and none was ever woken",
                    Confidence.LIKELY);
        }
        boolean some = goneMoments >= MOMENTS_POSSIBLE && most;
        return some
                ? LeakRules.leak("few_left_behind", "some were left behind, too few to tell more", Confidence.POSSIBLE)
                : Optional.empty();
    }

    /** Whoever made one, at whatever time, did nothing else any more; requests may well leave what they opened for later ones. */
    private static boolean isLeftByEach(StuckGroup group) {
        List<Member> members = group.members();
        return group.created() == members.size()
                && members.stream().allMatch(m -> m.creatorGone() && m.bornInRequest() == 0 && m.wokenHere() == 0)
                && LeakCreators.times(members) == LeakCreators.distinct(members);
    }
}
