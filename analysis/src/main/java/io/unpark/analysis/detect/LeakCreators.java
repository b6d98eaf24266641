package io.unpark.analysis.detect;

import io.unpark.analysis.detect.StuckGroup.Member;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What the requests and goroutines that created a group tell: how many they were, and whether others like them left nobody. */
final class LeakCreators {
    private static final long SECOND_NS = 1_000_000_000L;

    /** So many times the longest pause between two births, in requests, without another one: it is over. */
    private static final int PAUSES = 4;

    /** A loop's births are no closer than this when it waits between them. */
    private static final long APART_NS = 50_000_000L;

    private static final int MIN_BIRTHS = 3;
    private static final int MIN_REQUESTS = 10;

    private LeakCreators() {}

    /** One creator that starts several and ends is one job that did so: a loop at boot, a drain. */
    static int distinct(List<Member> members) {
        Set<List<Long>> creators = new HashSet<>();
        for (Member m : members) {
            if (!m.isOld()) {
                creators.add(List.of(m.creator(), m.bornInRequest()));
            }
        }
        return creators.size();
    }

    /** How many times one or several were born, whoever created them: a burst is one or two. */
    static int times(List<Member> members) {
        return (int) members.stream()
                .filter(m -> !m.isOld())
                .mapToLong(m -> m.createdNs() / APART_NS)
                .distinct()
                .count();
    }

    /** No birth for several times the longest pause between two of them: who made these one by one has done so. */
    static boolean isQuiet(StuckGroup group) {
        long[] births = group.members().stream()
                .filter(m -> !m.isOld())
                .mapToLong(Member::createdNs)
                .sorted()
                .toArray();
        long longestPauseNs = LeakRules.MOMENT_NS;
        for (int i = 1; i < births.length; i++) {
            longestPauseNs = Math.max(longestPauseNs, births[i] - births[i - 1]);
        }
        return group.nowNs() - group.lastCreatedNs() > PAUSES * longestPauseNs;
    }

    /** One goroutine of no request made them all and has ended: what it was there for is set up. */
    static boolean isOneJobDone(List<Member> members) {
        List<Member> known = members.stream().filter(m -> !m.isOld()).toList();
        return known.stream().map(Member::creator).distinct().count() == 1
                && known.stream().allMatch(m -> m.creatorGone() && m.bornInRequest() == 0);
    }

    /**
     * The first requests left one each, and the many since then none: a pool that is full, what is made once for each key. Requests
     * are numbered in order, so how many there were between two births, and since the last, is known.
     */
    static boolean haveStopped(StuckGroup group) {
        long[] births = group.members().stream()
                .filter(m -> !m.isOld() && m.bornInRequest() != 0)
                .mapToLong(Member::bornInRequest)
                .sorted()
                .distinct()
                .toArray();
        if (births.length < MIN_BIRTHS || births.length * 2 < group.members().size()) {
            return false;
        }
        long longestPause = 1;
        for (int i = 1; i < births.length; i++) {
            longestPause = Math.max(longestPause, births[i] - births[i - 1]);
        }
        long since = group.lastRequest() - births[births.length - 1];
        boolean recently = group.nowNs() - group.lastCreatedNs() < SECOND_NS;
        return !recently && since >= MIN_REQUESTS && since > PAUSES * longestPause;
    }
}
