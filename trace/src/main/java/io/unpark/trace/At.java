package io.unpark.trace;

import io.unpark.trace.TraceFormatException.Reason;

/**
 * The event being replayed: its scheduling context as it was before the event, and where it stands in the input. One
 * object, overwritten for each event.
 */
final class At implements EventContext {
    private long lastNs;
    private int stack;
    private long generation;
    private Lane lane;

    long m;
    long p;
    long g;
    /** Of the M, null when there is none. */
    private ThreadState thread;

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
        m = of.id();
        thread = of.thread;
        if (thread == null) {
            p = NONE;
            g = NONE;
        } else {
            p = thread.p;
            g = thread.g;
        }
    }

    /** The P at hand, null when it is not known. */
    Proc proc(Procs procs) {
        return procs.find(p, thread == null ? null : thread.lastProc);
    }

    /** The goroutine at hand, null when it is not known. */
    Goroutine goroutine(Goroutines goroutines) {
        return goroutines.find(g, thread == null ? null : thread.lastGoroutine);
    }

    /** An event outside all Ms' streams. */
    void enter(long ofM, long ofP, long ofG) {
        m = ofM;
        p = ofP;
        g = ofG;
        thread = null;
    }

    /** Dates the event. Time never stands still between two events, so that an order by time is this order. */
    At stamp(long ns, int stackOrdinal) {
        lastNs = ns <= lastNs ? lastNs + 1 : ns;
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
    void bind(Proc proc) {
        if (thread != null) {
            thread.p = proc.id();
            thread.lastProc = proc;
        }
    }

    /** Takes the P away from this thread. */
    void unbindProc() {
        if (thread != null) {
            thread.p = NONE;
        }
    }

    /** Binds a goroutine to this thread. */
    void bind(Goroutine goroutine) {
        if (thread != null) {
            thread.g = goroutine.id();
            thread.lastGoroutine = goroutine;
        }
    }

    /** Takes the goroutine away from this thread. */
    void unbindGoroutine() {
        if (thread != null) {
            thread.g = NONE;
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
        return lastNs;
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
