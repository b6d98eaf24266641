package io.unpark.trace;

/** System calls: the goroutine stays on its M, while the P may be taken away meanwhile. */
final class SyscallEvents {
    private final Machine machine;
    private final At at;
    private final Goroutines goroutines;
    private final Procs procs;

    SyscallEvents(Machine machine) {
        this.machine = machine;
        this.at = machine.at;
        this.goroutines = machine.goroutines;
        this.procs = machine.procs;
    }

    /** GoSyscallBegin p_seq stack: never waits. The P's sequence number tells later steals apart. */
    boolean begin(Lane e) throws TraceFormatException {
        at.needGoroutine();
        int slot = machine.current(Goroutines.RUNNING);
        int proc = proc();
        int stack = machine.stack(e.arg1());
        if (!procs.sequence().isNext(proc, machine.generation, e.arg0())) {
            throw notNext(e.arg0(), proc);
        }
        goroutines.status(slot, Goroutines.SYSCALL);
        procs.status[proc] = Procs.SYSCALL;
        procs.sequence().set(proc, machine.generation, e.arg0());
        machine.visitor.goroutine(at.stamp(e.timeNs, stack), at.g, GoState.RUNNING, GoState.SYSCALL, 0, stack);
        return true;
    }

    /** GoSyscallEnd: the P was not taken. */
    boolean end(Lane e) throws TraceFormatException {
        at.needGoroutine();
        int slot = machine.current(Goroutines.SYSCALL);
        int proc = proc();
        if (procs.status[proc] != Procs.SYSCALL) {
            throw fault("is not in a system call");
        }
        goroutines.status(slot, Goroutines.RUNNING);
        procs.status[proc] = Procs.RUNNING;
        machine.visitor.goroutine(at.stamp(e.timeNs, 0), at.g, GoState.SYSCALL, GoState.RUNNING, 0, 0);
        return true;
    }

    /** GoSyscallEndBlocked: waits until the P was stopped or stolen; the M may have another one by then. */
    boolean endBlocked(Lane e) throws TraceFormatException {
        if (at.p != EventContext.NONE && procs.status[proc()] == Procs.SYSCALL) {
            return false;
        }
        at.needThread();
        if (at.g == EventContext.NONE) {
            throw at.corrupt("expected a goroutine but didn't have one");
        }
        goroutines.status(machine.current(Goroutines.SYSCALL), Goroutines.RUNNABLE);
        at.unbindGoroutine();
        machine.visitor.goroutine(at.stamp(e.timeNs, 0), at.g, GoState.SYSCALL, GoState.RUNNABLE, 0, 0);
        return true;
    }

    /** GoCreateSyscall new_g: C code calls into Go. */
    boolean create(Lane e) throws TraceFormatException {
        at.needThread();
        at.needNoGoroutine();
        at.bindGoroutine(e.arg0(), machine.addGoroutine(e.arg0(), Goroutines.SYSCALL));
        machine.visitor.goroutine(at.stamp(e.timeNs, 0), e.arg0(), GoState.NOT_EXIST, GoState.SYSCALL, 0, 0);
        return true;
    }

    /**
     * GoDestroySyscall: back to C code, which may end the thread. A P that is still held counts as stolen, because another
     * thread may soon have this one's id.
     */
    boolean destroy(Lane e) throws TraceFormatException {
        at.needThread();
        if (at.g == EventContext.NONE) {
            throw at.corrupt("expected a goroutine but didn't have one");
        }
        int slot = machine.current(Goroutines.SYSCALL);
        if (at.p != EventContext.NONE) {
            int proc = proc();
            if (procs.status[proc] != Procs.SYSCALL) {
                throw fault("is not in a system call");
            }
            procs.status[proc] = Procs.SYSCALL_ABANDONED;
            at.unbindProc();
            machine.visitor.proc(at.stamp(e.timeNs, 0), at.p, ProcState.RUNNING, ProcState.IDLE);
        }
        goroutines.remove(slot);
        at.unbindGoroutine();
        machine.visitor.goroutine(at.stamp(e.timeNs, 0), at.g, GoState.SYSCALL, GoState.NOT_EXIST, 0, 0);
        return true;
    }

    private TraceFormatException notNext(long number, int proc) {
        return at.corrupt("sequence number " + Long.toUnsignedString(number) + " of proc " + at.p + " after "
                + Long.toUnsignedString(procs.sequence().number(proc)));
    }

    private int proc() throws TraceFormatException {
        int slot = at.procSlot(procs);
        if (slot == LongSlots.ABSENT) {
            throw fault("doesn't exist");
        }
        return slot;
    }

    private TraceFormatException fault(String what) {
        return at.corrupt("proc " + at.p + " " + what);
    }
}
