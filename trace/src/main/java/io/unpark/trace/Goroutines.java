package io.unpark.trace;

import java.util.Arrays;

/**
 * The state of each goroutine alive. Statuses are numbered as on the wire. A goroutine's sequence number counts what must
 * not be told before its turn, whatever the timestamps say; it counts anew in each generation.
 */
final class Goroutines {
    static final int RUNNABLE = 1;
    static final int RUNNING = 2;
    static final int SYSCALL = 3;
    static final int WAITING = 4;

    private static final int STATUS_BITS = 3;
    private static final int STATUS_MASK = (1 << STATUS_BITS) - 1;
    private static final GoState[] STATES = {
        GoState.UNDETERMINED, GoState.RUNNABLE, GoState.RUNNING, GoState.SYSCALL, GoState.WAITING
    };

    private final LongSlots slots = new LongSlots();
    /** The generation at hand, counted by us and shifted to stand above a status. */
    private long turn;

    private long generation;
    /** By slot: the status, and above it the turn in which the sequence number was set. One comparison asks for both. */
    private long[] states = new long[64];

    private long[] sequence = new long[64];
    /** Ranges and regions, for the few goroutines that have any; else null. */
    private Intervals[] intervals = new Intervals[64];

    /** Bytes of the names of all open regions. */
    private long regionNameBytes;

    void clear() {
        regionNameBytes = 0;
        Arrays.fill(intervals, 0, slots.bound(), null);
        slots.clear();
    }

    void beginGeneration(long number) {
        if (number != generation) {
            generation = number;
            turn += 1 << STATUS_BITS;
        }
    }

    int find(long goroutine) {
        return slots.find(goroutine);
    }

    /** As {@link #find(long)}, looking first where the goroutine was found before. */
    int find(long goroutine, int hint) {
        return slots.find(goroutine, hint);
    }

    int size() {
        return slots.size();
    }

    int add(long goroutine, int status) {
        int slot = slots.add(goroutine);
        if (slot == states.length) {
            states = Arrays.copyOf(states, 2 * slot);
            sequence = Arrays.copyOf(sequence, 2 * slot);
            intervals = Arrays.copyOf(intervals, 2 * slot);
        }
        set(slot, status, 0);
        return slot;
    }

    void remove(int slot) {
        if (intervals[slot] != null) {
            regionNameBytes -= intervals[slot].nameBytes();
            intervals[slot] = null;
        }
        slots.remove(slot);
    }

    int status(int slot) {
        return (int) states[slot] & STATUS_MASK;
    }

    /** Changes the status; the sequence number stays. */
    void status(int slot, int status) {
        states[slot] = states[slot] & ~STATUS_MASK | status;
    }

    /** Whether the goroutine has this status and this is its next sequence number. */
    boolean isReady(int slot, int status, long number) {
        return states[slot] == (turn | status) && sequence[slot] + 1 == number;
    }

    void set(int slot, int status, long number) {
        states[slot] = turn | status;
        sequence[slot] = number;
    }

    Intervals intervals(int slot) {
        if (intervals[slot] == null) {
            intervals[slot] = new Intervals();
        }
        return intervals[slot];
    }

    void beginRegion(Intervals of, long task, byte[] name) {
        of.beginRegion(task, name);
        regionNameBytes += name.length;
    }

    /** As {@link Intervals#endRegion}. */
    boolean endRegion(Intervals of, long task, byte[] name) {
        long before = of.nameBytes();
        boolean ended = of.endRegion(task, name);
        regionNameBytes -= before - of.nameBytes();
        return ended;
    }

    long regionNameBytes() {
        return regionNameBytes;
    }

    /** The state that Go's API shows for a status. */
    static GoState state(int status) {
        return STATES[status];
    }
}
