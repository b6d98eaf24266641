package io.unpark.analysis.instance;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * Finds those that a creator made within a moment. A server's accepting loop may have made 100,000, one after the other:
 * looking through all of them for each would take minutes.
 */
final class Siblings {
    /** More of one moment are not looked at. */
    private static final int MAX_FOUND = 64;

    /** Children whose births are bounded together, and how many such blocks are bounded together again. */
    private static final int BLOCK = 64;

    private static final int BLOCKS = 64;

    private final long momentNs;
    private final Map<List<Goroutine>, Index> indexes = new IdentityHashMap<>();
    private final Map<List<Goroutine>, Boolean> telling = new IdentityHashMap<>();

    Siblings(long momentNs) {
        this.momentNs = momentNs;
    }

    /** The earliest and the latest birth of every so many children. Numbers are nearly, but not quite, in the order of births. */
    private record Bounds(int step, long[] earliest, long[] latest) {
        static Bounds of(List<Goroutine> children, int step) {
            int blocks = (children.size() + step - 1) / step;
            long[] earliest = new long[blocks];
            long[] latest = new long[blocks];
            Arrays.fill(earliest, Long.MAX_VALUE);
            Arrays.fill(latest, Long.MIN_VALUE);
            for (int i = 0; i < children.size(); i++) {
                long bornNs = children.get(i).createdNs;
                earliest[i / step] = Math.min(earliest[i / step], bornNs);
                latest[i / step] = Math.max(latest[i / step], bornNs);
            }
            return new Bounds(step, earliest, latest);
        }

        /** Whether those from there on, which begin a block, were all born before or all after. */
        boolean areOutside(int from, long sinceNs, long untilNs) {
            int block = from / step;
            return from % step == 0 && (latest[block] < sinceNs || earliest[block] > untilNs);
        }
    }

    private record Index(Bounds coarse, Bounds fine) {
        static Index of(List<Goroutine> children) {
            return new Index(Bounds.of(children, BLOCK * BLOCKS), Bounds.of(children, BLOCK));
        }

        /** The first place from there on that may hold one born within; at or behind the end when there is none. */
        int next(int from, long sinceNs, long untilNs) {
            int i = from;
            while (i % BLOCK == 0 && i / BLOCK < fine.earliest.length) {
                if (coarse.areOutside(i, sinceNs, untilNs)) {
                    i += BLOCK * BLOCKS;
                } else if (fine.areOutside(i, sinceNs, untilNs)) {
                    i += BLOCK;
                } else {
                    return i;
                }
            }
            return i;
        }
    }

    /** Started by one function: what a process starts at boot in one moment belongs to many jobs. */
    static boolean isOfOneJob(Goroutine a, Goroutine b) {
        return !a.creation.isEmpty()
                && !b.creation.isEmpty()
                && a.creation
                        .frames()
                        .get(0)
                        .function()
                        .equals(b.creation.frames().get(0).function());
    }

    /** Whether any of a creator's children, of whatever moment, tells something; asked once for each list. */
    boolean anyTells(List<Goroutine> children, Predicate<Goroutine> tells) {
        return telling.computeIfAbsent(children, all -> all.stream().anyMatch(tells));
    }

    /**
     * The first of a creator's children that were born in the moment of {@code g}, without itself.
     *
     * @param children in the order of their numbers; the same list for all of one creator
     */
    List<Goroutine> of(Goroutine g, List<Goroutine> children) {
        Index index = indexes.computeIfAbsent(children, Index::of);
        long sinceNs = g.createdNs - momentNs;
        long untilNs = g.createdNs + momentNs;
        List<Goroutine> found = new ArrayList<>();
        int i = index.next(0, sinceNs, untilNs);
        while (i < children.size() && found.size() < MAX_FOUND) {
            Goroutine s = children.get(i);
            if (s != g && s.createdNs >= sinceNs && s.createdNs <= untilNs) {
                found.add(s);
            }
            i = index.next(i + 1, sinceNs, untilNs);
        }
        return found;
    }
}
