package io.unpark.trace;

/** Events of goroutines outside system calls. */
final class GoroutineEvents {
    private final Machine machine;
    private final At at;
    private final Goroutines goroutines;

    GoroutineEvents(Machine machine) {
        this.machine = machine;
        this.at = machine.at;
        this.goroutines = machine.goroutines;
    }

    /** GoCreate and GoCreateBlocked new_g new_stack stack: on a P, by a goroutine or by the runtime itself. */
    boolean create(Lane e, int status) throws TraceFormatException {
        at.needProc();
        int creator = at.goroutineSlot(goroutines);
        if (creator != LongSlots.ABSENT && goroutines.status(creator) != Goroutines.RUNNING) {
            throw notRunning();
        }
        int startStack = machine.stack(e.arg1());
        int stack = machine.stack(e.arg2());
        machine.addGoroutine(e.arg0(), status);
        machine.visitor.goroutine(
                at.stamp(e.timeNs, stack), e.arg0(), GoState.NOT_EXIST, Goroutines.state(status), 0, startStack);
        return true;
    }

    private TraceFormatException notRunning() {
        return at.corrupt("goroutine " + at.g + " creates another one while it is not running");
    }

    /** GoStart g g_seq: waits until the goroutine is runnable and this is its turn. */
    boolean start(Lane e) throws TraceFormatException {
        int slot = ready(e.arg0(), e.arg1(), Goroutines.RUNNABLE);
        if (slot == LongSlots.ABSENT) {
            return false;
        }
        at.needProc();
        at.needNoGoroutine();
        goroutines.set(slot, Goroutines.RUNNING, e.arg1());
        at.bindGoroutine(e.arg0(), slot);
        machine.visitor.goroutine(at.stamp(e.timeNs, 0), e.arg0(), GoState.RUNNABLE, GoState.RUNNING, 0, 0);
        return true;
    }

    /** GoDestroy: the goroutine at hand ends. */
    boolean destroy(Lane e) throws TraceFormatException {
        at.needGoroutine();
        goroutines.remove(machine.current(Goroutines.RUNNING));
        at.unbindGoroutine();
        machine.visitor.goroutine(at.stamp(e.timeNs, 0), at.g, GoState.RUNNING, GoState.NOT_EXIST, 0, 0);
        return true;
    }

    /** GoStop and GoBlock reason stack: the goroutine at hand gives its thread away. */
    boolean stop(Lane e, int status) throws TraceFormatException {
        at.needGoroutine();
        int slot = machine.current(Goroutines.RUNNING);
        int reason = machine.string(e.arg0());
        int stack = machine.stack(e.arg1());
        goroutines.status(slot, status);
        at.unbindGoroutine();
        machine.visitor.goroutine(
                at.stamp(e.timeNs, stack), at.g, GoState.RUNNING, Goroutines.state(status), reason, stack);
        return true;
    }

    /** GoUnblock g g_seq stack: anything may wake a goroutine, also outside Ps; waits for its turn. */
    boolean unblock(Lane e) throws TraceFormatException {
        int slot = ready(e.arg0(), e.arg1(), Goroutines.WAITING);
        if (slot == LongSlots.ABSENT) {
            return false;
        }
        int stack = machine.stack(e.arg2());
        goroutines.set(slot, Goroutines.RUNNABLE, e.arg1());
        machine.visitor.goroutine(at.stamp(e.timeNs, stack), e.arg0(), GoState.WAITING, GoState.RUNNABLE, 0, 0);
        return true;
    }

    /**
     * GoSwitch and GoSwitchDestroy g g_seq: a coroutine hands its thread to another one. Three changes at once: the next
     * is woken, the current blocks or ends, the next starts.
     */
    boolean switchTo(Lane e, boolean destroy) throws TraceFormatException {
        at.needGoroutine();
        int current = machine.current(Goroutines.RUNNING);
        int next = ready(e.arg0(), e.arg1(), Goroutines.WAITING);
        if (next == LongSlots.ABSENT) {
            return false;
        }
        machine.visitor.goroutine(at.stamp(e.timeNs, 0), e.arg0(), GoState.WAITING, GoState.RUNNABLE, 0, 0);
        GoState left = destroy ? GoState.NOT_EXIST : GoState.WAITING;
        if (destroy) {
            goroutines.remove(current);
        } else {
            goroutines.status(current, Goroutines.WAITING);
        }
        machine.visitor.goroutine(at.stamp(e.timeNs, 0), at.g, GoState.RUNNING, left, 0, 0);
        goroutines.set(next, Goroutines.RUNNING, e.arg1());
        at.bindGoroutine(e.arg0(), next);
        at.g = EventContext.NONE;
        machine.visitor.goroutine(at.stamp(e.timeNs, 0), e.arg0(), GoState.RUNNABLE, GoState.RUNNING, 0, 0);
        return true;
    }

    /** GoStatus and GoStatusStack g m gstatus stack: introduces a goroutine in the first generation, or confirms it. */
    boolean status(Lane e, long stackId) throws TraceFormatException {
        long goroutine = e.arg0();
        if (e.arg2() < Goroutines.RUNNABLE || e.arg2() > Goroutines.WAITING) {
            throw at.corrupt("invalid status " + Long.toUnsignedString(e.arg2()) + " of goroutine " + goroutine);
        }
        int status = (int) e.arg2();
        GoState to = Goroutines.state(status);
        int known = goroutines.find(goroutine);
        GoState from = known == LongSlots.ABSENT ? GoState.UNDETERMINED : confirm(goroutine, known, status);
        int slot = known == LongSlots.ABSENT ? introduce(goroutine, status) : known;
        if (status == Goroutines.RUNNING) {
            at.bindGoroutine(goroutine, slot);
        } else if (status == Goroutines.SYSCALL) {
            placeInSyscall(goroutine, slot, e.arg1());
        }
        int stack = machine.stack(stackId);
        machine.visitor.goroutine(at.stamp(e.timeNs, stack), goroutine, from, to, 0, stack);
        return true;
    }

    private int introduce(long goroutine, int status) throws TraceFormatException {
        if (!machine.inFirstGeneration()) {
            throw at.corrupt("status of goroutine " + goroutine + ", which is new after the first generation");
        }
        return machine.addGoroutine(goroutine, status);
    }

    private GoState confirm(long goroutine, int slot, int status) throws TraceFormatException {
        if (goroutines.status(slot) != status) {
            throw at.corrupt("inconsistent status of goroutine " + goroutine + ": was "
                    + Goroutines.state(goroutines.status(slot)).goName() + ", said to be "
                    + Goroutines.state(status).goName());
        }
        goroutines.set(slot, status, 0);
        return Goroutines.state(status);
    }

    /** A goroutine in a system call sits on an M: this one, or one that may be silent for the whole generation. */
    private void placeInSyscall(long goroutine, int slot, long m) throws TraceFormatException {
        if (m == EventContext.NONE) {
            throw at.corrupt("goroutine " + goroutine + " is in a system call without a thread");
        }
        if (m == at.m) {
            if (!machine.inFirstGeneration() && at.g != goroutine) {
                throw at.corrupt(
                        "goroutine " + goroutine + " is in a system call on a thread that has goroutine " + at.g);
            }
            at.bindGoroutine(goroutine, slot);
            return;
        }
        int thread = machine.threads.find(m);
        if (thread == LongSlots.ABSENT) {
            int added = machine.thread(m); // first: it may replace the array
            machine.threads.g[added] = goroutine;
        } else if (machine.threads.g[thread] != goroutine) {
            throw at.corrupt("goroutine " + goroutine + " is in a system call on thread " + m + ", which has goroutine "
                    + machine.threads.g[thread]);
        } else {
            at.g = goroutine;
        }
        at.m = m;
    }

    /** The slot of a goroutine in this status whose next sequence number this is; absent when it is not so yet. */
    private int ready(long goroutine, long number, int status) {
        int slot = goroutines.find(goroutine);
        return slot != LongSlots.ABSENT && goroutines.isReady(slot, status, number) ? slot : LongSlots.ABSENT;
    }
}
