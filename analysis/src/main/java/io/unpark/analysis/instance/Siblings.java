package io.unpark.analysis.instance;

import java.util.ArrayList;
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

    /** So few are looked through as fast as bounds are made. */
    private static final int FEW = 16;

    private final long momentNs;
    private final Map<List<Goroutine>, Bounds> bounds = new IdentityHashMap<>();
    private final Map<List<Goroutine>, Boolean> telling = new IdentityHashMap<>();

    Siblings(long momentNs) {
        this.momentNs = momentNs;
    }

    /** By place in the list: the latest creation up to there, and the earliest from there on. Both only grow. */
    private record Bounds(long[] latestUntil, long[] earliestFrom) {
        static Bounds of(List<Goroutine> children) {
            int n = children.size();
            long[] latest = new long[n];
            long[] earliest = new long[n];
            long most = Long.MIN_VALUE;
            for (int i = 0; i < n; i++) {
                most = Math.max(most, children.get(i).createdNs);
                latest[i] = most;
            }
            long least = Long.MAX_VALUE;
            for (int i = n - 1; i >= 0; i--) {
                least = Math.min(least, children.get(i).createdNs);
                earliest[i] = least;
            }
            return new Bounds(latest, earliest);
        }

        /** The first place that may hold one created then or later. */
        int first(long fromNs) {
            int low = 0;
            int high = latestUntil.length;
            while (low < high) {
                int middle = (low + high) >>> 1;
                if (latestUntil[middle] < fromNs) {
                    low = middle + 1;
                } else {
                    high = middle;
                }
            }
            return low;
        }
    }

    /** Whether any of a creator's children, of whatever moment, tells something; asked once for each list. */
    boolean anyTells(List<Goroutine> children, Predicate<Goroutine> tells) {
        return telling.computeIfAbsent(children, all -> all.stream().anyMatch(tells));
    }

    /**
     * The first of a creator's children that were born in the moment of {@code g}, without itself.
     *
     * @param children in the order of their numbers, all with a creation that was seen; the same list for all of one creator
     */
    List<Goroutine> of(Goroutine g, List<Goroutine> children) {
        if (children.size() < 2) {
            return List.of();
        }
        Bounds known = children.size() > FEW ? bounds.computeIfAbsent(children, Bounds::of) : null;
        List<Goroutine> found = new ArrayList<>();
        for (int i = known == null ? 0 : known.first(g.createdNs - momentNs); i < children.size(); i++) {
            if (found.size() == MAX_FOUND || known != null && known.earliestFrom[i] > g.createdNs + momentNs) {
                break;
            }
            Goroutine s = children.get(i);
            if (s != g && Math.abs(s.createdNs - g.createdNs) <= momentNs) {
                found.add(s);
            }
        }
        return found;
    }
}
