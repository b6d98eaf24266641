package io.unpark.trace;

import java.util.Arrays;

/** Intervals of the runtime: GC mark phase (one for the process), sweeping (a P), GC assist and pauses (a goroutine). */
final class RangeEvents {
    static final String MARK_PHASE = "GC concurrent mark phase";
    static final String SWEEP = "GC incremental sweep";
    static final String MARK_ASSIST = "GC mark assist";

    /** Whether the GC is known to run or not; not known until its first event. */
    private enum Gc {
        UNDETERMINED,
        RUNNING,
        NOT_RUNNING
    }

    private final Machine machine;
    private final At at;
    private Gc gc = Gc.UNDETERMINED;
    private long gcSequence;
    /** Names of pauses by string ordinal, for one generation. */
    private String[] pauseNames = new String[16];

    private long pauseNamesOf;

    RangeEvents(Machine machine) {
        this.machine = machine;
        this.at = machine.at;
    }

    void reset() {
        gc = Gc.UNDETERMINED;
        gcSequence = 0;
        pauseNamesOf = 0;
    }

    boolean gcActive(Lane e) throws TraceFormatException {
        if (machine.inFirstGeneration()) {
            if (gc != Gc.UNDETERMINED) {
                throw at.corrupt("is not the first GC event of the first generation");
            }
        } else if (e.arg0() != gcSequence + 1) {
            return false;
        } else if (gc != Gc.RUNNING) {
            throw at.corrupt("the GC is not running");
        } else {
            at.needGoroutine();
        }
        setGc(e.arg0(), Gc.RUNNING);
        machine.visitor.rangeActive(at.stamp(e.timeNs, 0), MARK_PHASE, RangeScope.GLOBAL, 0);
        return true;
    }

    boolean gcBegin(Lane e) throws TraceFormatException {
        if (gc != Gc.UNDETERMINED) {
            if (e.arg0() != gcSequence + 1) {
                return false;
            }
            if (gc == Gc.RUNNING) {
                throw at.corrupt("the GC is running already");
            }
            at.needGoroutine();
        }
        int stack = machine.stack(e.arg1());
        setGc(e.arg0(), Gc.RUNNING);
        machine.visitor.rangeBegin(at.stamp(e.timeNs, stack), MARK_PHASE, RangeScope.GLOBAL, 0);
        return true;
    }

    boolean gcEnd(Lane e) throws TraceFormatException {
        if (e.arg0() != gcSequence + 1) {
            return false;
        }
        if (gc != Gc.RUNNING) {
            throw at.corrupt("the GC is not known to be running");
        }
        at.needGoroutine();
        setGc(e.arg0(), Gc.NOT_RUNNING);
        machine.visitor.rangeEnd(at.stamp(e.timeNs, 0), MARK_PHASE, RangeScope.GLOBAL, 0, -1, -1);
        return true;
    }

    boolean sweepActive(Lane e) throws TraceFormatException {
        Proc proc = proc(e.arg0());
        activate(proc.sweeping);
        proc.sweeping = true;
        machine.visitor.rangeActive(at.stamp(e.timeNs, 0), SWEEP, RangeScope.PROC, e.arg0());
        return true;
    }

    boolean sweepBegin(Lane e) throws TraceFormatException {
        at.needProc();
        Proc proc = proc(at.p);
        if (proc.sweeping) {
            throw at.corrupt("proc " + at.p + " is sweeping already");
        }
        int stack = machine.stack(e.arg0());
        proc.sweeping = true;
        machine.visitor.rangeBegin(at.stamp(e.timeNs, stack), SWEEP, RangeScope.PROC, at.p);
        return true;
    }

    boolean sweepEnd(Lane e) throws TraceFormatException {
        at.needProc();
        Proc proc = proc(at.p);
        if (!proc.sweeping) {
            throw at.corrupt("proc " + at.p + " is not sweeping");
        }
        proc.sweeping = false;
        machine.visitor.rangeEnd(at.stamp(e.timeNs, 0), SWEEP, RangeScope.PROC, at.p, e.arg0(), e.arg1());
        return true;
    }

    boolean assistActive(Lane e) throws TraceFormatException {
        Intervals of = intervals(e.arg0());
        activate(of.markAssist);
        of.markAssist = true;
        machine.visitor.rangeActive(at.stamp(e.timeNs, 0), MARK_ASSIST, RangeScope.GOROUTINE, e.arg0());
        return true;
    }

    boolean assistBegin(Lane e) throws TraceFormatException {
        at.needGoroutine();
        Intervals of = intervals(at.g);
        if (of.markAssist) {
            throw at.corrupt("goroutine " + at.g + " assists the GC already");
        }
        int stack = machine.stack(e.arg0());
        of.markAssist = true;
        machine.visitor.rangeBegin(at.stamp(e.timeNs, stack), MARK_ASSIST, RangeScope.GOROUTINE, at.g);
        return true;
    }

    boolean assistEnd(Lane e) throws TraceFormatException {
        at.needGoroutine();
        Intervals of = intervals(at.g);
        if (!of.markAssist) {
            throw at.corrupt("goroutine " + at.g + " does not assist the GC");
        }
        of.markAssist = false;
        machine.visitor.rangeEnd(at.stamp(e.timeNs, 0), MARK_ASSIST, RangeScope.GOROUTINE, at.g, -1, -1);
        return true;
    }

    boolean pauseBegin(Lane e) throws TraceFormatException {
        at.needGoroutine();
        String name = pauseName(machine.string(e.arg0()));
        int stack = machine.stack(e.arg1());
        Intervals of = intervals(at.g);
        if (of.pauses() >= TraceLimits.MAX_PAUSES) {
            throw at.limit("pauses at once on one goroutine", TraceLimits.MAX_PAUSES);
        }
        if (!of.beginPause(name)) {
            throw at.corrupt("goroutine " + at.g + " has such a pause already");
        }
        machine.visitor.rangeBegin(at.stamp(e.timeNs, stack), name, RangeScope.GOROUTINE, at.g);
        return true;
    }

    boolean pauseEnd(Lane e) throws TraceFormatException {
        at.needGoroutine();
        String name = intervals(at.g).endPause();
        if (name == null) {
            throw at.corrupt("goroutine " + at.g + " has no pause to end");
        }
        machine.visitor.rangeEnd(at.stamp(e.timeNs, 0), name, RangeScope.GOROUTINE, at.g, -1, -1);
        return true;
    }

    private void setGc(long sequence, Gc state) {
        gcSequence = sequence;
        gc = state;
    }

    /** The first generation introduces what is going on, later ones confirm it. */
    private void activate(boolean active) throws TraceFormatException {
        if (active == machine.inFirstGeneration()) {
            throw at.corrupt(active ? "is active already in the first generation" : "was not active before");
        }
    }

    private Proc proc(long id) throws TraceFormatException {
        Proc found = machine.procs.find(id);
        if (found == null) {
            throw at.corrupt("proc " + id + " doesn't exist");
        }
        return found;
    }

    private Intervals intervals(long goroutine) throws TraceFormatException {
        Goroutine found = machine.goroutines.find(goroutine);
        if (found == null) {
            throw at.corrupt("goroutine " + goroutine + " doesn't exist");
        }
        return found.intervals();
    }

    private String pauseName(int ordinal) {
        if (pauseNamesOf != machine.generation) {
            pauseNames = new String[16];
            pauseNamesOf = machine.generation;
        }
        if (ordinal >= pauseNames.length) {
            pauseNames = Arrays.copyOf(pauseNames, 2 * ordinal);
        }
        if (pauseNames[ordinal] == null) {
            // Every recording has pauses, and the first "+" of a process takes longer than reading a small one.
            pauseNames[ordinal] =
                    "stop-the-world (".concat(machine.tables.string(ordinal)).concat(")");
        }
        return pauseNames[ordinal];
    }
}
