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
        int slot = procs.find(e.arg0());
        if (slot == LongSlots.ABSENT
                || procs.status[slot] != Procs.IDLE
                || !procs.sequence().isNext(slot, machine.generation, e.arg1())
                || at.p != EventContext.NONE) {
            return false;
        }
        at.needThread();
        procs.status[slot] = Procs.RUNNING;
        procs.sequence().set(slot, machine.generation, e.arg1());
        at.bindProc(e.arg0(), slot);
        machine.visitor.proc(at.stamp(e.timeNs, 0), e.arg0(), ProcState.IDLE, ProcState.RUNNING);
        return true;
    }

    /** ProcStop: by the M that has the P, so it never waits. */
    boolean stop(Lane e) throws TraceFormatException {
        int slot = at.procSlot(procs);
        if (slot == LongSlots.ABSENT) {
            throw at.corrupt("proc " + at.p + " doesn't exist");
        }
        if (procs.status[slot] != Procs.RUNNING && procs.status[slot] != Procs.SYSCALL) {
            throw at.corrupt("proc " + at.p + " is neither running nor in a system call");
        }
        at.needProc();
        procs.status[slot] = Procs.IDLE;
        at.unbindProc();
        machine.visitor.proc(at.stamp(e.timeNs, 0), at.p, ProcState.RUNNING, ProcState.IDLE);
        return true;
    }

    /** ProcSteal p p_seq m: takes the P from an M in a system call. */
    boolean steal(Lane e) throws TraceFormatException {
        long proc = e.arg0();
        int slot = procs.find(proc);
        if (slot == LongSlots.ABSENT || !procs.sequence().isNext(slot, machine.generation, e.arg1())) {
            return false;
        }
        int old = procs.status[slot];
        if (old != Procs.SYSCALL && old != Procs.SYSCALL_ABANDONED) {
            return false;
        }
        at.needThread();
        procs.status[slot] = Procs.IDLE;
        procs.sequence().set(slot, machine.generation, e.arg1());
        if (old == Procs.SYSCALL) {
            releaseVictim(proc, e.arg2());
        }
        // An abandoned P was shown as idle before. Its M may have moved on, so that one is left alone.
        ProcState from = old == Procs.SYSCALL ? ProcState.RUNNING : ProcState.IDLE;
        machine.visitor.proc(at.stamp(e.timeNs, 0), proc, from, ProcState.IDLE);
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
        int victim = machine.threads.find(m);
        if (victim == LongSlots.ABSENT) {
            throw at.corrupt("steals proc " + proc + " from thread " + m + ", which doesn't exist");
        }
        if (machine.threads.p[victim] != proc) {
            throw at.corrupt(
                    "steals proc " + proc + " from thread " + m + ", which has proc " + machine.threads.p[victim]);
        }
        machine.threads.p[victim] = EventContext.NONE;
    }

    /** ProcStatus p pstatus: introduces a P, in any generation, or confirms it. */
    boolean status(Lane e) throws TraceFormatException {
        long proc = e.arg0();
        if (e.arg1() < Procs.RUNNING || e.arg1() > Procs.SYSCALL_ABANDONED) {
            throw at.corrupt("invalid status " + Long.toUnsignedString(e.arg1()) + " of proc " + proc);
        }
        int status = (int) e.arg1();
        int known = procs.find(proc);
        ProcState from = known == LongSlots.ABSENT ? introduce(proc, status) : confirm(proc, known, status);
        boolean promoted = status == Procs.SYSCALL_ABANDONED && from == ProcState.RUNNING;
        ProcState to = promoted ? ProcState.RUNNING : Procs.state(status);
        if (promoted) {
            enterHolder(proc);
        } else if (to == ProcState.RUNNING) {
            at.bindProc(proc, procs.find(proc));
        }
        machine.visitor.proc(at.stamp(e.timeNs, 0), proc, from, to);
        return true;
    }

    private ProcState introduce(long proc, int status) throws TraceFormatException {
        if (proc == EventContext.NONE) {
            throw at.corrupt("a proc cannot have the id of none");
        }
        if (procs.size() >= machine.limits.maxProcs()) {
            throw at.limit("procs", machine.limits.maxProcs());
        }
        procs.sequence().set(procs.add(proc, status), machine.generation, 0);
        return machine.inFirstGeneration() ? ProcState.UNDETERMINED : ProcState.NOT_EXIST;
    }

    private ProcState confirm(long proc, int slot, int status) throws TraceFormatException {
        int old = procs.status[slot];
        // "Abandoned" says that the M is not known. Where it is known, nothing was lost.
        boolean known = status == Procs.SYSCALL_ABANDONED && old == Procs.SYSCALL;
        if (old != status && !known) {
            throw at.corrupt("inconsistent status of proc " + proc + ": was " + old + ", said to be " + status);
        }
        procs.sequence().set(slot, machine.generation, 0);
        return Procs.state(old);
    }

    /** A promoted P is reported by whoever steals it next; the event belongs to the M that has the P. */
    private void enterHolder(long proc) throws TraceFormatException {
        int holder = machine.threads.holding(proc);
        if (holder == LongSlots.ABSENT) {
            throw at.corrupt("proc " + proc + " is about to be stolen, but no thread has it");
        }
        at.enter(machine.threads.m(holder), proc, machine.threads.g[holder]);
    }
}
