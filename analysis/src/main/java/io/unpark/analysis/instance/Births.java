package io.unpark.analysis.instance;

import io.unpark.analysis.detect.StuckGroup;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongPredicate;

/**
 * Reads from the numbers of goroutines older than the trace how often they were born. What a loop starts at boot has numbers in a
 * row, save for others that live as well; between two requests other goroutines come and go, and each request leaves as many.
 */
final class Births {
    /** Gaps are looked through up to here: a wider one has somebody in it who is gone. */
    private static final int MAX_GAP = 64;

    /** That many gone between two births, and they belong to different requests: one has two or three, itself included. */
    private static final int FAR = 3;

    private Births() {}

    /**
     * @param served of their kind, as old, that were woken at their place, by number
     * @param isAlive of a goroutine's number
     */
    static StuckGroup.Births of(List<Goroutine> members, List<Long> served, LongPredicate isAlive) {
        long[] ids = members.stream()
                .filter(g -> !g.created())
                .mapToLong(g -> g.id)
                .sorted()
                .toArray();
        if (ids.length == 0) {
            return StuckGroup.Births.NONE;
        }
        Map<Integer, Integer> births = new HashMap<>();
        int size = 1;
        int far = 1;
        for (int i = 1; i < ids.length; i++) {
            int gone = gone(ids[i - 1], ids[i], isAlive);
            far += gone >= FAR ? 1 : 0;
            if (gone > 0) {
                births.merge(size, 1, Integer::sum);
                size = 1;
            } else {
                size++;
            }
        }
        births.merge(size, 1, Integer::sum);
        int apart = births.values().stream().mapToInt(Integer::intValue).sum();
        int even = births.values().stream().mapToInt(Integer::intValue).max().orElse(0);
        long eldestServed = served.stream().mapToLong(Long::longValue).min().orElse(-1);
        int younger = (int) Arrays.stream(ids).filter(id -> id > eldestServed).count();
        return new StuckGroup.Births(ids.length, apart, even, far, served.size(), younger);
    }

    /** How many of the numbers between are nobody's, up to {@link #FAR}. */
    private static int gone(long before, long after, LongPredicate isAlive) {
        if (after - before > MAX_GAP) {
            return FAR;
        }
        int gone = 0;
        for (long id = before + 1; id < after && gone < FAR; id++) {
            gone += isAlive.test(id) ? 0 : 1;
        }
        return gone;
    }
}
