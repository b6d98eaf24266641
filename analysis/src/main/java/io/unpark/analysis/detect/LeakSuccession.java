package io.unpark.analysis.detect;

import io.unpark.analysis.detect.StuckGroup.Member;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Workers that others have taken the place of: one creator makes a new crew again and again, and none of an old one is given anything once
 * its successors are there, though it was until shortly before. So a pool is left that is resized, a subscriber that subscribes anew.
 * In a fleet who was made earlier is served later as well.
 */
final class LeakSuccession {
    /** Crews that were in use until the next one came. */
    private static final int MIN_CREWS = 5;

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
        Map<Long, List<Member>> byCreator = group.members().stream().collect(Collectors.groupingBy(Member::creator));
        return byCreator.size() == 1
                && group.members().stream().noneMatch(Member::creatorGone)
                && isSuccession(crews(group.members()), group.lastCreatedNs());
    }

    private static TreeMap<Long, List<Member>> crews(List<Member> members) {
        TreeMap<Long, List<Member>> crews = new TreeMap<>();
        members.stream()
                .sorted(java.util.Comparator.comparingLong(Member::createdNs))
                .forEach(m -> {
                    Map.Entry<Long, List<Member>> last = crews.lastEntry();
                    boolean ofLast = last != null && m.createdNs() - last.getKey() < LeakRules.MOMENT_NS;
                    crews.computeIfAbsent(
                                    ofLast ? last.getKey() : (Long) m.createdNs(), k -> new java.util.ArrayList<>())
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
