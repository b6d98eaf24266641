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
        Goroutine goroutine = machine.current(Goroutine.RUNNING);
        Proc proc = proc();
        int stack = machine.stack(e.arg1());
        if (!proc.isNext(machine.generation, e.arg0())) {
            throw notNext(e.arg0(), proc);
        }
        goroutine.status(Goroutine.SYSCALL);
        proc.status = Proc.SYSCALL;
        proc.sequence(machine.generation, e.arg0());
        machine.visitor.goroutine(at.stamp(e.timeNs, stack), at.g, GoState.RUNNING, GoState.SYSCALL, 0, stack);
        return true;
    }

    /** GoSyscallEnd: the P was not taken. */
    boolean end(Lane e) throws TraceFormatException {
        at.needGoroutine();
        Goroutine goroutine = machine.current(Goroutine.SYSCALL);
        Proc proc = proc();
        if (proc.status != Proc.SYSCALL) {
            throw fault("is not in a system call");
        }
        goroutine.status(Goroutine.RUNNING);
        proc.status = Proc.RUNNING;
        machine.visitor.goroutine(at.stamp(e.timeNs, 0), at.g, GoState.SYSCALL, GoState.RUNNING, 0, 0);
        return true;
    }

    /** GoSyscallEndBlocked: waits until the P was stopped or stolen; the M may have another one by then. */
    boolean endBlocked(Lane e) throws TraceFormatException {
        if (at.p != EventContext.NONE && proc().status == Proc.SYSCALL) {
            return false;
        }
        at.needThread();
        if (at.g == EventContext.NONE) {
            throw at.corrupt("expected a goroutine but didn't have one");
        }
        machine.current(Goroutine.SYSCALL).status(Goroutine.RUNNABLE);
        at.unbindGoroutine();
        machine.visitor.goroutine(at.stamp(e.timeNs, 0), at.g, GoState.SYSCALL, GoState.RUNNABLE, 0, 0);
        return true;
    }

    /** GoCreateSyscall new_g: C code calls into Go. */
    boolean create(Lane e) throws TraceFormatException {
        at.needThread();
        at.needNoGoroutine();
        at.bind(machine.addGoroutine(e.arg0(), Goroutine.SYSCALL));
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
        Goroutine goroutine = machine.current(Goroutine.SYSCALL);
        if (at.p != EventContext.NONE) {
            Proc proc = proc();
            if (proc.status != Proc.SYSCALL) {
                throw fault("is not in a system call");
            }
            proc.status = Proc.SYSCALL_ABANDONED;
            at.unbindProc();
            machine.visitor.proc(at.stamp(e.timeNs, 0), at.p, ProcState.RUNNING, ProcState.IDLE);
        }
        goroutines.end(goroutine);
        at.unbindGoroutine();
        machine.visitor.goroutine(at.stamp(e.timeNs, 0), at.g, GoState.SYSCALL, GoState.NOT_EXIST, 0, 0);
        return true;
    }

    private TraceFormatException notNext(long number, Proc proc) {
        return at.corrupt("sequence number " + Long.toUnsignedString(number) + " of proc " + at.p + " after "
                + Long.toUnsignedString(proc.sequence()));
    }

    private Proc proc() throws TraceFormatException {
        Proc proc = at.proc(procs);
        if (proc == null) {
            throw fault("doesn't exist");
        }
        return proc;
    }

    private TraceFormatException fault(String what) {
        return at.corrupt("proc " + at.p + " " + what);
    }
}
