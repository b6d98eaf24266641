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
        Goroutine creator = at.goroutine(goroutines);
        if (creator != null && creator.status() != Goroutine.RUNNING) {
            throw notRunning();
        }
        int startStack = machine.stack(e.arg1());
        int stack = machine.stack(e.arg2());
        machine.addGoroutine(e.arg0(), status);
        machine.visitor.goroutine(
                at.stamp(e.timeNs, stack), e.arg0(), GoState.NOT_EXIST, Goroutine.state(status), 0, startStack);
        return true;
    }

    private TraceFormatException notRunning() {
        return at.corrupt("goroutine " + at.g + " creates another one while it is not running");
    }

    /** GoStart g g_seq: waits until the goroutine is runnable and this is its turn. */
    boolean start(Lane e) throws TraceFormatException {
        Goroutine goroutine = goroutines.ready(e.arg0(), Goroutine.RUNNABLE, e.arg1());
        if (goroutine == null) {
            return false;
        }
        at.needProc();
        at.needNoGoroutine();
        goroutines.set(goroutine, Goroutine.RUNNING, e.arg1());
        at.bind(goroutine);
        machine.visitor.goroutine(at.stamp(e.timeNs, 0), e.arg0(), GoState.RUNNABLE, GoState.RUNNING, 0, 0);
        return true;
    }

    /** GoDestroy: the goroutine at hand ends. */
    boolean destroy(Lane e) throws TraceFormatException {
        at.needGoroutine();
        goroutines.end(machine.current(Goroutine.RUNNING));
        at.unbindGoroutine();
        machine.visitor.goroutine(at.stamp(e.timeNs, 0), at.g, GoState.RUNNING, GoState.NOT_EXIST, 0, 0);
        return true;
    }

    /** GoStop and GoBlock reason stack: the goroutine at hand gives its thread away. */
    boolean stop(Lane e, int status) throws TraceFormatException {
        at.needGoroutine();
        Goroutine goroutine = machine.current(Goroutine.RUNNING);
        int reason = machine.string(e.arg0());
        int stack = machine.stack(e.arg1());
        goroutine.status(status);
        at.unbindGoroutine();
        machine.visitor.goroutine(
                at.stamp(e.timeNs, stack), at.g, GoState.RUNNING, Goroutine.state(status), reason, stack);
        return true;
    }

    /** GoUnblock g g_seq stack: anything may wake a goroutine, also outside Ps; waits for its turn. */
    boolean unblock(Lane e) throws TraceFormatException {
        Goroutine goroutine = goroutines.ready(e.arg0(), Goroutine.WAITING, e.arg1());
        if (goroutine == null) {
            return false;
        }
        int stack = machine.stack(e.arg2());
        goroutines.set(goroutine, Goroutine.RUNNABLE, e.arg1());
        machine.visitor.goroutine(at.stamp(e.timeNs, stack), e.arg0(), GoState.WAITING, GoState.RUNNABLE, 0, 0);
        return true;
    }

    /**
     * GoSwitch and GoSwitchDestroy g g_seq: a coroutine hands its thread to another one. Three changes at once: the next
     * is woken, the current blocks or ends, the next starts.
     */
    boolean switchTo(Lane e, boolean destroy) throws TraceFormatException {
        at.needGoroutine();
        Goroutine current = machine.current(Goroutine.RUNNING);
        Goroutine next = goroutines.ready(e.arg0(), Goroutine.WAITING, e.arg1());
        if (next == null) {
            return false;
        }
        machine.visitor.goroutine(at.stamp(e.timeNs, 0), e.arg0(), GoState.WAITING, GoState.RUNNABLE, 0, 0);
        GoState left = destroy ? GoState.NOT_EXIST : GoState.WAITING;
        if (destroy) {
            goroutines.end(current);
        } else {
            current.status(Goroutine.WAITING);
        }
        machine.visitor.goroutine(at.stamp(e.timeNs, 0), at.g, GoState.RUNNING, left, 0, 0);
        goroutines.set(next, Goroutine.RUNNING, e.arg1());
        at.bind(next);
        at.g = EventContext.NONE;
        machine.visitor.goroutine(at.stamp(e.timeNs, 0), e.arg0(), GoState.RUNNABLE, GoState.RUNNING, 0, 0);
        return true;
    }

    /** GoStatus and GoStatusStack g m gstatus stack: introduces a goroutine in the first generation, or confirms it. */
    boolean status(Lane e, long stackId) throws TraceFormatException {
        long id = e.arg0();
        if (e.arg2() < Goroutine.RUNNABLE || e.arg2() > Goroutine.WAITING) {
            throw at.corrupt("invalid status " + Long.toUnsignedString(e.arg2()) + " of goroutine " + id);
        }
        int status = (int) e.arg2();
        GoState to = Goroutine.state(status);
        Goroutine known = goroutines.find(id);
        GoState from = known == null ? GoState.UNDETERMINED : confirm(known, status);
        Goroutine goroutine = known == null ? introduce(id, status) : known;
        if (status == Goroutine.RUNNING) {
            at.bind(goroutine);
        } else if (status == Goroutine.SYSCALL) {
            placeInSyscall(goroutine, e.arg1());
        }
        int stack = machine.stack(stackId);
        machine.visitor.goroutine(at.stamp(e.timeNs, stack), id, from, to, 0, stack);
        return true;
    }

    private Goroutine introduce(long goroutine, int status) throws TraceFormatException {
        if (!machine.inFirstGeneration()) {
            throw at.corrupt("status of goroutine " + goroutine + ", which is new after the first generation");
        }
        return machine.addGoroutine(goroutine, status);
    }

    private GoState confirm(Goroutine goroutine, int status) throws TraceFormatException {
        if (goroutine.status() != status) {
            throw at.corrupt("inconsistent status of goroutine " + goroutine.id() + ": was "
                    + Goroutine.state(goroutine.status()).goName() + ", said to be "
                    + Goroutine.state(status).goName());
        }
        goroutines.set(goroutine, status, 0);
        return Goroutine.state(status);
    }

    /** A goroutine in a system call sits on an M: this one, or one that may be silent for the whole generation. */
    private void placeInSyscall(Goroutine goroutine, long m) throws TraceFormatException {
        long id = goroutine.id();
        if (m == EventContext.NONE) {
            throw at.corrupt("goroutine " + id + " is in a system call without a thread");
        }
        if (m == at.m) {
            if (!machine.inFirstGeneration() && at.g != id) {
                throw at.corrupt("goroutine " + id + " is in a system call on a thread that has goroutine " + at.g);
            }
            at.bind(goroutine);
            return;
        }
        ThreadState thread = machine.threads.find(m);
        if (thread == null) {
            machine.thread(m).g = id;
        } else if (thread.g != id) {
            throw at.corrupt(
                    "goroutine " + id + " is in a system call on thread " + m + ", which has goroutine " + thread.g);
        } else {
            at.g = id;
        }
        at.m = m;
    }
}
