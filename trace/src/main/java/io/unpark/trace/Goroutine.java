package io.unpark.trace;

/** The state of a goroutine. Statuses are numbered as on the wire. */
final class Goroutine extends IdTable.Entry {
    static final int RUNNABLE = 1;
    static final int RUNNING = 2;
    static final int SYSCALL = 3;
    static final int WAITING = 4;

    static final int STATUS_BITS = 3;
    private static final int STATUS_MASK = (1 << STATUS_BITS) - 1;
    private static final int SEQUENCE_SHIFT = Integer.SIZE;
    /** What a turn may take: the bits between a status and a sequence number. */
    static final long TURN_MASK = (1L << SEQUENCE_SHIFT) - (1 << STATUS_BITS);

    private static final GoState[] STATES = {
        GoState.UNDETERMINED, GoState.RUNNABLE, GoState.RUNNING, GoState.SYSCALL, GoState.WAITING
    };

    /**
     * The status, above it the turn in which the sequence number was set, and that number in the upper half: one comparison asks
     * for all three.
     */
    private long state;
    /** Ranges and regions, for the few goroutines that have any; else null. */
    private Intervals intervals;

    int status() {
        return (int) state & STATUS_MASK;
    }

    /** Changes the status; the sequence number stays. */
    void status(int status) {
        state = state & ~STATUS_MASK | status;
    }

    /** Whether the goroutine has this status and this is its next sequence number. */
    boolean isReady(long turn, int status, long number) {
        // A number beyond 32 bits is never the next: counting to it takes more events than a generation can hold.
        return state == (number - 1 << SEQUENCE_SHIFT | turn | status) && number >>> SEQUENCE_SHIFT == 0;
    }

    /** @param number at most 32 bits, as those that were ready are */
    void set(long turn, int status, long number) {
        state = number << SEQUENCE_SHIFT | turn | status;
    }

    /** Null when it never had any. */
    Intervals intervalsOrNull() {
        return intervals;
    }

    Intervals intervals() {
        if (intervals == null) {
            intervals = new Intervals();
        }
        return intervals;
    }

    @Override
    void forget() {
        intervals = null;
    }

    /** The state that Go's API shows for a status. */
    static GoState state(int status) {
        return STATES[status];
    }
}
