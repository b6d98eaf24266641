package io.unpark.analysis.instance;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Stretches of a generation in which the process did nothing at all. A context's timer that was due in one fired at its end: the
 * machine was busy with others, and nobody could look at the context.
 */
final class Stalls {
    /** A deadline is looked up when its request ends or at the generation's end; older ones matter little. */
    private static final int MAX_KEPT = 64;

    private record Stall(long fromNs, long toNs) {}

    private final long minNs;
    private final Deque<Stall> recent = new ArrayDeque<>();

    Stalls(long minNs) {
        this.minNs = minNs;
    }

    void beginGeneration() {
        recent.clear();
    }

    /** No event lies between these two. */
    void silent(long fromNs, long toNs) {
        if (toNs - fromNs >= minNs) {
            if (recent.size() >= MAX_KEPT) {
                recent.removeFirst();
            }
            recent.addLast(new Stall(fromNs, toNs));
        }
    }

    /** When a timer that was due then could fire. */
    long firedNs(long dueNs) {
        for (Stall stall : recent) {
            if (dueNs > stall.fromNs && dueNs < stall.toNs) {
                return stall.toNs;
            }
        }
        return dueNs;
    }
}
