package io.unpark.trace;

/** The state of a P. Statuses are numbered as on the wire. */
final class Proc extends IdTable.Entry {
    static final int RUNNING = 1;
    static final int IDLE = 2;
    static final int SYSCALL = 3;
    /** In a system call, but its M is not known any more. */
    static final int SYSCALL_ABANDONED = 4;

    int status;
    boolean sweeping;
    private long sequence;
    private long sequenceGeneration;

    /** Whether this is the next number of what the runtime counts in a generation, so that the order is known whatever the times say. */
    boolean isNext(long generation, long number) {
        return sequence + 1 == number && sequenceGeneration == generation;
    }

    void sequence(long generation, long number) {
        sequenceGeneration = generation;
        sequence = number;
    }

    long sequence() {
        return sequence;
    }

    @Override
    void forget() {
        sweeping = false;
    }

    /** The state that Go's API shows for a status. */
    static ProcState state(int status) {
        return status == RUNNING || status == SYSCALL ? ProcState.RUNNING : ProcState.IDLE;
    }
}
