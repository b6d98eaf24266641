package io.unpark.trace;

import io.unpark.trace.TraceFormatException.Reason;

/**
 * The event being replayed: its scheduling context as it was before the event, and where it stands in the input. One
 * object, overwritten for each event.
 */
final class At implements EventContext {
    private final Threads threads;
    private long lastNs;
    private long timeNs;
    private int stack;
    private long generation;
    private Lane lane;

    long m;
    long p;
    long g;
    /** The M's slot, absent when there is none. */
    int thread;

    At(Threads threads) {
        this.threads = threads;
    }

    void reset() {
        lastNs = 0;
        lane = null;
    }

    void beginGeneration(long number) {
        generation = number;
        lane = null;
    }

    /** Takes the context of the event that the lane shows. */
    void enter(Lane of) {
        lane = of;
        m = of.m;
        thread = of.thread;
        if (thread == LongSlots.ABSENT) {
            p = NONE;
            g = NONE;
        } else {
            p = threads.p[thread];
            g = threads.g[thread];
        }
    }

    /** The slot of the P at hand. */
    int procSlot(Procs procs) {
        return procs.find(p, thread == LongSlots.ABSENT ? 0 : threads.procHint[thread]);
    }

    /** The slot of the goroutine at hand. */
    int goroutineSlot(Goroutines goroutines) {
        return goroutines.find(g, thread == LongSlots.ABSENT ? 0 : threads.goroutineHint[thread]);
    }

    /** An event outside all Ms' streams. */
    void enter(long ofM, long ofP, long ofG) {
        m = ofM;
        p = ofP;
        g = ofG;
        thread = LongSlots.ABSENT;
    }

    /** Dates the event. Time never stands still between two events, so that an order by time is this order. */
    At stamp(long ns, int stackOrdinal) {
        lastNs = ns <= lastNs ? lastNs + 1 : ns;
        timeNs = lastNs;
        stack = stackOrdinal;
        return this;
    }

    long lastNs() {
        return lastNs;
    }

    // The faults are methods of their own, so that the checks are small enough to be compiled into every handler.

    /** Events that need a thread, a P and a goroutine: all that happens in or near user code. */
    void needGoroutine() throws TraceFormatException {
        if (g == NONE || p == NONE || m == NONE) {
            throw lacking();
        }
    }

    void needProc() throws TraceFormatException {
        if (p == NONE || m == NONE) {
            throw lacking();
        }
    }

    void needThread() throws TraceFormatException {
        if (m == NONE) {
            throw lacking();
        }
    }

    void needNoGoroutine() throws TraceFormatException {
        if (g != NONE) {
            throw corrupt("expected no goroutine but had one");
        }
    }

    private TraceFormatException lacking() {
        String what = m == NONE ? "thread" : p == NONE ? "proc" : "goroutine";
        return corrupt("expected a " + what + " but didn't have one");
    }

    /** Binds a P to this thread. Events outside threads bind nothing. */
    void bindProc(long proc, int slot) {
        if (thread != LongSlots.ABSENT) {
            threads.p[thread] = proc;
            threads.procHint[thread] = slot;
        }
    }

    /** Takes the P away from this thread. */
    void unbindProc() {
        if (thread != LongSlots.ABSENT) {
            threads.p[thread] = NONE;
        }
    }

    /** Binds a goroutine to this thread. */
    void bindGoroutine(long goroutine, int slot) {
        if (thread != LongSlots.ABSENT) {
            threads.g[thread] = goroutine;
            threads.goroutineHint[thread] = slot;
        }
    }

    /** Takes the goroutine away from this thread. */
    void unbindGoroutine() {
        if (thread != LongSlots.ABSENT) {
            threads.g[thread] = NONE;
        }
    }

    TraceFormatException corrupt(String message) {
        return fault(Reason.CORRUPT, message);
    }

    TraceFormatException limit(String what, long limit) {
        return fault(Reason.LIMIT, "more than " + limit + " " + what);
    }

    private TraceFormatException fault(Reason reason, String message) {
        if (lane == null) {
            return new TraceFormatException(reason, -1, generation, message);
        }
        String place = lane.event().goName + " on M " + m + ": ";
        return new TraceFormatException(reason, lane.offset(), generation, place + message);
    }

    @Override
    public long timeNs() {
        return timeNs;
    }

    @Override
    public long m() {
        return m;
    }

    @Override
    public long p() {
        return p;
    }

    @Override
    public long g() {
        return g;
    }

    @Override
    public int stack() {
        return stack;
    }
}
