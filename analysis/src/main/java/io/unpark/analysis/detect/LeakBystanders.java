package io.unpark.analysis.detect;

import io.unpark.analysis.detect.StuckGroup.Member;
import io.unpark.analysis.model.Confidence;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Goroutines that wait for one that is leaked: the parent that waits for its leaked children, a child or a sibling of the
 * same moment. They are stuck for good as well, although their own wait alone would not tell.
 */
final class LeakBystanders {
    /** Siblings are born within this of each other. */
    private static final long MOMENT_NS = 50_000_000L;

    private LeakBystanders() {}

    /** Adds to {@code leaks} those of {@code rest} that hang on them, until no more are found. */
    static void add(Map<StuckGroup, LeakVerdict> leaks, List<StuckGroup> rest) {
        boolean found = true;
        while (found) {
            found = false;
            Ties ties = new Ties(leaks.keySet().stream()
                    .filter(g -> leaks.get(g).confidence() != Confidence.POSSIBLE)
                    .toList());
            for (StuckGroup group : List.copyOf(rest)) {
                if (hangs(group, ties)) {
                    leaks.put(
                            group,
                            new LeakVerdict("bystander", "it waits for goroutines that are leaked", Confidence.LIKELY));
                    rest.remove(group);
                    found = true;
                }
            }
        }
    }

    private static boolean hangs(StuckGroup group, Ties ties) {
        if (group.looping()) {
            return false;
        }
        WaitSort sort = WaitSort.of(group.place(), group.reason(), group.start());
        if (sort != WaitSort.IDLE_CAPABLE && !isWriteLoop(group)) {
            return false;
        }
        boolean reused = group.members().stream().anyMatch(m -> m.wokenHere() > 0);
        boolean busy = group.members().stream().anyMatch(m -> m.requestOpen() && !m.clientLeft());
        long tied = group.members().stream().filter(ties::holds).count();
        boolean twin = isWriteLoop(group) && group.isOld() && ties.bodyLeftOpen;
        return !reused && !busy && (twin || tied * 2 > group.members().size() && !isOfTheProcess(group));
    }

    /**
     * Started once, by one that lives on: a shutdown waiter or a supervisor, which waits for as long as the process runs. That it
     * was born beside a leaked one, or waits for it among others, says nothing.
     */
    private static boolean isOfTheProcess(StuckGroup group) {
        boolean oneMoment = group.members().stream()
                        .map(m -> List.of(m.creator(), m.createdNs() / MOMENT_NS))
                        .distinct()
                        .count()
                == 1;
        return oneMoment && group.members().stream().noneMatch(Member::creatorGone);
    }

    private static boolean isWriteLoop(StuckGroup group) {
        return group.start().equals("net/http.(*persistConn).writeLoop");
    }

    /** Who is tied to the leaked ones. */
    private static final class Ties {
        private final Set<Long> leaked = new HashSet<>();
        private final Set<Long> parents = new HashSet<>();
        private final Set<List<Long>> moments = new HashSet<>();

        private boolean bodyLeftOpen;

        Ties(List<StuckGroup> groups) {
            for (StuckGroup group : groups) {
                bodyLeftOpen |= group.start().equals("net/http.(*persistConn).readLoop");
                for (Member m : group.members()) {
                    leaked.add(m.id());
                    if (!m.isOld()) {
                        parents.add(m.creator());
                        moments.add(List.of(m.creator(), m.createdNs() / MOMENT_NS));
                    }
                }
            }
        }

        boolean holds(Member m) {
            boolean sibling = !m.isOld()
                    && (moments.contains(List.of(m.creator(), m.createdNs() / MOMENT_NS))
                            || moments.contains(List.of(m.creator(), m.createdNs() / MOMENT_NS - 1))
                            || moments.contains(List.of(m.creator(), m.createdNs() / MOMENT_NS + 1)));
            return parents.contains(m.id()) || !m.isOld() && leaked.contains(m.creator()) || sibling;
        }
    }
}
