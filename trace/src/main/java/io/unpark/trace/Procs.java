package io.unpark.trace;

import java.util.Arrays;

/** The state of each P. Ps are never removed. Statuses are numbered as on the wire. */
final class Procs {
    static final int RUNNING = 1;
    static final int IDLE = 2;
    static final int SYSCALL = 3;
    /** In a system call, but its M is not known any more. */
    static final int SYSCALL_ABANDONED = 4;

    private final LongSlots slots = new LongSlots();
    private final Sequence sequence = new Sequence();
    byte[] status = new byte[64];
    /** Whether the P is sweeping. */
    boolean[] sweeping = new boolean[64];

    void clear() {
        slots.clear();
    }

    int find(long proc) {
        return slots.find(proc);
    }

    int find(long proc, int hint) {
        return slots.find(proc, hint);
    }

    int size() {
        return slots.size();
    }

    int add(long proc, int ofStatus) {
        int slot = slots.add(proc);
        if (slot == status.length) {
            status = Arrays.copyOf(status, 2 * slot);
            sweeping = Arrays.copyOf(sweeping, 2 * slot);
        }
        status[slot] = (byte) ofStatus;
        sweeping[slot] = false;
        return slot;
    }

    Sequence sequence() {
        return sequence;
    }

    /** The state that Go's API shows for a status. */
    static ProcState state(int status) {
        return status == RUNNING || status == SYSCALL ? ProcState.RUNNING : ProcState.IDLE;
    }
}
