package io.unpark.trace;

/** Events of Ps. A P runs on one M at a time, is idle, or is left behind by an M in a system call. */
final class ProcEvents {
    private final Machine machine;
    private final At at;
    private final Procs procs;

    ProcEvents(Machine machine) {
        this.machine = machine;
        this.at = machine.at;
        this.procs = machine.procs;
    }

    /** ProcStart p p_seq: waits for its turn, and while the M still has a P that will be stolen from it. */
    boolean start(Lane e) throws TraceFormatException {
        Proc proc = procs.find(e.arg0());
        if (proc == null
                || proc.status != Proc.IDLE
                || !proc.isNext(machine.generation, e.arg1())
                || at.p != EventContext.NONE) {
            return false;
        }
        at.needThread();
        proc.status = Proc.RUNNING;
        proc.sequence(machine.generation, e.arg1());
        at.bind(proc);
        machine.visitor.proc(at.stamp(e.timeNs, 0), e.arg0(), ProcState.IDLE, ProcState.RUNNING);
        return true;
    }

    /** ProcStop: by the M that has the P, so it never waits. */
    boolean stop(Lane e) throws TraceFormatException {
        Proc proc = at.proc(procs);
        if (proc == null) {
            throw at.corrupt("proc " + at.p + " doesn't exist");
        }
        if (proc.status != Proc.RUNNING && proc.status != Proc.SYSCALL) {
            throw at.corrupt("proc " + at.p + " is neither running nor in a system call");
        }
        at.needProc();
        proc.status = Proc.IDLE;
        at.unbindProc();
        machine.visitor.proc(at.stamp(e.timeNs, 0), at.p, ProcState.RUNNING, ProcState.IDLE);
        return true;
    }

    /** ProcSteal p p_seq m: takes the P from an M in a system call. */
    boolean steal(Lane e) throws TraceFormatException {
        Proc proc = procs.find(e.arg0());
        if (proc == null || !proc.isNext(machine.generation, e.arg1())) {
            return false;
        }
        int old = proc.status;
        if (old != Proc.SYSCALL && old != Proc.SYSCALL_ABANDONED) {
            return false;
        }
        at.needThread();
        proc.status = Proc.IDLE;
        proc.sequence(machine.generation, e.arg1());
        if (old == Proc.SYSCALL) {
            releaseVictim(e.arg0(), e.arg2());
        }
        // An abandoned P was shown as idle before. Its M may have moved on, so that one is left alone.
        ProcState from = old == Proc.SYSCALL ? ProcState.RUNNING : ProcState.IDLE;
        machine.visitor.proc(at.stamp(e.timeNs, 0), e.arg0(), from, ProcState.IDLE);
        return true;
    }

    private void releaseVictim(long proc, long m) throws TraceFormatException {
        if (m == at.m) {
            if (at.p != proc) {
                throw at.corrupt("steals proc " + proc + " from itself, but has proc " + at.p);
            }
            at.unbindProc();
            return;
        }
        ThreadState victim = machine.threads.find(m);
        if (victim == null) {
            throw at.corrupt("steals proc " + proc + " from thread " + m + ", which doesn't exist");
        }
        if (victim.p != proc) {
            throw at.corrupt("steals proc " + proc + " from thread " + m + ", which has proc " + victim.p);
        }
        victim.p = EventContext.NONE;
    }

    /** ProcStatus p pstatus: introduces a P, in any generation, or confirms it. */
    boolean status(Lane e) throws TraceFormatException {
        long id = e.arg0();
        if (e.arg1() < Proc.RUNNING || e.arg1() > Proc.SYSCALL_ABANDONED) {
            throw at.corrupt("invalid status " + Long.toUnsignedString(e.arg1()) + " of proc " + id);
        }
        int status = (int) e.arg1();
        Proc known = procs.find(id);
        ProcState from = known == null ? introduce(id, status) : confirm(known, status);
        boolean promoted = status == Proc.SYSCALL_ABANDONED && from == ProcState.RUNNING;
        ProcState to = promoted ? ProcState.RUNNING : Proc.state(status);
        if (promoted) {
            enterHolder(id);
        } else if (to == ProcState.RUNNING) {
            at.bind(procs.find(id));
        }
        machine.visitor.proc(at.stamp(e.timeNs, 0), id, from, to);
        return true;
    }

    private ProcState introduce(long id, int status) throws TraceFormatException {
        if (id == EventContext.NONE) {
            throw at.corrupt("a proc cannot have the id of none");
        }
        if (procs.size() >= machine.limits.maxProcs()) {
            throw at.limit("procs", machine.limits.maxProcs());
        }
        Proc added = procs.add(id);
        added.status = status;
        added.sequence(machine.generation, 0);
        return machine.inFirstGeneration() ? ProcState.UNDETERMINED : ProcState.NOT_EXIST;
    }

    private ProcState confirm(Proc proc, int status) throws TraceFormatException {
        int old = proc.status;
        // "Abandoned" says that the M is not known. Where it is known, nothing was lost.
        boolean known = status == Proc.SYSCALL_ABANDONED && old == Proc.SYSCALL;
        if (old != status && !known) {
            throw at.corrupt("inconsistent status of proc " + proc.id() + ": was " + old + ", said to be " + status);
        }
        proc.sequence(machine.generation, 0);
        return Proc.state(old);
    }

    /** A promoted P is reported by whoever steals it next; the event belongs to the M that has the P. */
    private void enterHolder(long proc) throws TraceFormatException {
        ThreadState holder = machine.threads.holding(proc);
        if (holder == null) {
            throw at.corrupt("proc " + proc + " is about to be stolen, but no thread has it");
        }
        at.enter(holder.id(), proc, holder.g);
    }
}
