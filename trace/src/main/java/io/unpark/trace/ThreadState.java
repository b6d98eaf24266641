package io.unpark.trace;

/** What an M has at the moment. */
final class ThreadState extends IdTable.Entry {
    /** The P of the M, or {@link EventContext#NONE}. */
    long p = EventContext.NONE;
    /** The goroutine on the M, or {@link EventContext#NONE}. */
    long g = EventContext.NONE;
    /** The P that the M had last. */
    Proc lastProc;
    /** The goroutine that was last on the M; it may have ended, and be another one by now. */
    Goroutine lastGoroutine;

    @Override
    void forget() {
        p = EventContext.NONE;
        g = EventContext.NONE;
        lastProc = null;
        lastGoroutine = null;
    }
}
