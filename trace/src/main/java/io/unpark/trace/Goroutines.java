package io.unpark.trace;

import java.util.Arrays;

/** The state of each goroutine alive. Statuses are numbered as on the wire. */
final class Goroutines {
    static final int RUNNABLE = 1;
    static final int RUNNING = 2;
    static final int SYSCALL = 3;
    static final int WAITING = 4;

    private static final GoState[] STATES = {
        GoState.UNDETERMINED, GoState.RUNNABLE, GoState.RUNNING, GoState.SYSCALL, GoState.WAITING
    };

    private final LongSlots slots = new LongSlots();
    private final Sequence sequence = new Sequence();
    byte[] status = new byte[64];
    /** Ranges and regions, for the few goroutines that have any; else null. */
    private Intervals[] intervals = new Intervals[64];

    void clear() {
        Arrays.fill(intervals, 0, slots.bound(), null);
        slots.clear();
    }

    int find(long goroutine) {
        return slots.find(goroutine);
    }

    int size() {
        return slots.size();
    }

    int add(long goroutine, int ofStatus, long generation) {
        int slot = slots.add(goroutine);
        if (slot == status.length) {
            status = Arrays.copyOf(status, 2 * slot);
            intervals = Arrays.copyOf(intervals, 2 * slot);
        }
        status[slot] = (byte) ofStatus;
        sequence.set(slot, generation, 0);
        return slot;
    }

    void remove(int slot) {
        intervals[slot] = null;
        slots.remove(slot);
    }

    Sequence sequence() {
        return sequence;
    }

    Intervals intervals(int slot) {
        if (intervals[slot] == null) {
            intervals[slot] = new Intervals();
        }
        return intervals[slot];
    }

    /** The state that Go's API shows for a status. */
    static GoState state(int status) {
        return STATES[status];
    }
}
