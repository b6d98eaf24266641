package io.unpark.analysis.detect;

import io.unpark.analysis.detect.StuckGroup.Member;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Workers that others have taken the place of: a new crew is made again and again, and none of an old one is given anything once
 * its successors are there, though it was until shortly before. So a pool is left that is resized, a subscriber that subscribes anew.
 * In a fleet who was made earlier is served later as well.
 */
final class LeakSuccession {
    /** Crews that were in use until the next one came. */
    private static final int MIN_CREWS = 5;

    /** Of those older than the trace, beside the one that is served. */
    private static final int MIN_CREWS_OLD = 4;

    private static final int MIN_SERVED = 2;

    /** Each P gives out its own batch of numbers, so that a part of those born before have greater ones; told of three and more. */
    private static final int IN_BATCHES = 5;

    /** Of the time until the next crew: who was given nothing in the last quarter of it was not in use any more. */
    private static final int UNTIL = 4;

    /** Woken once after its birth, a goroutine may have had one thing to do. */
    private static final int MIN_WOKEN = 2;

    private LeakSuccession() {}

    /** Whether all but the youngest were superseded. */
    static boolean isSuperseded(StuckGroup group) {
        if (group.looping() || group.ended() > 0 || group.members().stream().anyMatch(Member::isOld)) {
            return false;
        }
        boolean byOne = group.members().stream().map(Member::creator).distinct().count() == 1;
        boolean alive = group.members().stream().noneMatch(Member::creatorGone);
        boolean gone = group.members().stream().allMatch(Member::creatorGone);
        return (byOne && alive || gone) && isSuccession(crews(group.members()), group.lastCreatedNs());
    }

    /**
     * Of those older than the trace: several crews, born far apart, and of their kind only younger ones are served, at least two. That
     * the served ones of a pool are its youngest by chance is improbable.
     */
    static boolean isSupersededOld(StuckGroup group) {
        StuckGroup.Births births = group.births();
        int inBatches = births.served() > MIN_SERVED ? births.count() / IN_BATCHES : 0;
        return births.served() >= MIN_SERVED && births.younger() <= inBatches && births.far() >= MIN_CREWS_OLD;
    }

    private static TreeMap<Long, List<Member>> crews(List<Member> members) {
        TreeMap<Long, List<Member>> crews = new TreeMap<>();
        members.stream().sorted(Comparator.comparingLong(Member::createdNs)).forEach(m -> {
            Map.Entry<Long, List<Member>> last = crews.lastEntry();
            boolean ofLast = last != null && m.createdNs() - last.getKey() < LeakRules.MOMENT_NS;
            crews.computeIfAbsent(ofLast ? last.getKey() : (Long) m.createdNs(), k -> new ArrayList<>())
                    .add(m);
        });
        return crews;
    }

    private static boolean isSuccession(TreeMap<Long, List<Member>> crews, long lastCreatedNs) {
        int used = 0;
        for (Map.Entry<Long, List<Member>> crew : crews.entrySet()) {
            Long nextKey = crews.higherKey(crew.getKey());
            long nextNs = nextKey == null ? lastCreatedNs : nextKey;
            if (nextNs <= crew.getKey()) {
                continue; // the youngest: nobody has come after it
            }
            long lastUseNs = crew.getValue().stream()
                    .filter(m -> m.wokenHere() >= MIN_WOKEN)
                    .mapToLong(Member::sinceNs)
                    .max()
                    .orElse(Long.MIN_VALUE);
            boolean servedLater = crew.getValue().stream().anyMatch(m -> m.sinceNs() > nextNs + LeakRules.MOMENT_NS);
            if (servedLater) {
                return false;
            }
            used += lastUseNs >= nextNs - (nextNs - crew.getKey()) / UNTIL ? 1 : 0;
        }
        return used >= MIN_CREWS && used * 4 >= crews.size() * 3;
    }
}
