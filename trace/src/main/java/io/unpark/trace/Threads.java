package io.unpark.trace;

import java.util.Arrays;

/** What each M has at the moment: a P, a goroutine. An M is known from its first event on, for good. */
final class Threads {
    private final LongSlots slots = new LongSlots();
    /** By slot: the P of the M, or {@link EventContext#NONE}. */
    long[] p = new long[64];
    /** By slot: the goroutine on the M, or {@link EventContext#NONE}. */
    long[] g = new long[64];
    /** By slot: where the two were last found, see {@link LongSlots#find(long, int)}. */
    int[] procHint = new int[64];

    int[] goroutineHint = new int[64];

    void clear() {
        slots.clear();
    }

    int find(long m) {
        return slots.find(m);
    }

    int size() {
        return slots.size();
    }

    int add(long m) {
        int slot = slots.add(m);
        if (slot == p.length) {
            p = Arrays.copyOf(p, 2 * slot);
            g = Arrays.copyOf(g, 2 * slot);
            procHint = Arrays.copyOf(procHint, 2 * slot);
            goroutineHint = Arrays.copyOf(goroutineHint, 2 * slot);
        }
        p[slot] = EventContext.NONE;
        g[slot] = EventContext.NONE;
        return slot;
    }

    long m(int slot) {
        return slots.id(slot);
    }

    /** The thread that has this P, or {@link LongSlots#ABSENT}. Looks at all: for rare events only. */
    int holding(long proc) {
        for (int slot = 0; slot < slots.bound(); slot++) {
            if (p[slot] == proc) {
                return slot;
            }
        }
        return LongSlots.ABSENT;
    }
}
