package io.unpark.trace;

/**
 * What a decoder tells about one generation, in an order that respects causality over all Ms.
 *
 * <p>Nothing is allocated per event: arguments are primitives, constants, or ids that {@link GenerationTables} resolves
 * while the generation is being visited. {@code at} is one object that is overwritten for the next event; copy what is
 * to be kept. An exception thrown by a visitor passes through the decoder unchanged,
 * which is of no use after it.
 *
 * <p>Names follow Go's own reader (golang.org/x/exp/trace): a <em>transition</em> is a change of state of a goroutine or
 * a P; a <em>range</em> is an interval such as a GC mark phase.
 */
public interface EventVisitor {

    /** A generation begins; its tables and clock hold until {@link #generationEnd}. */
    default void generationBegin(GenerationTables tables) {}

    /** The generation was decoded whole. */
    default void generationEnd(GenerationTables tables) {}

    /** Go's Sync event: the n-th point where all Ms agree, from 0, and the clock where the format has one. */
    default void sync(EventContext at, int n) {}

    /**
     * A goroutine changed state, or its state became known ({@code from} is UNDETERMINED, or equals {@code to}).
     *
     * @param reason string id of the wait reason when it blocks or stops, else 0
     * @param stack stack id of the goroutine that changes: where it blocks, or for a creation its start function; 0 when
     *     not known. {@link EventContext#stack} is that of the goroutine that caused the change: the waker, the creator.
     */
    default void goroutine(EventContext at, long goroutine, GoState from, GoState to, int reason, int stack) {}

    /** A P changed state, or its state became known. */
    default void proc(EventContext at, long proc, ProcState from, ProcState to) {}

    /** A range begins. {@code scopeId} is a goroutine or a P by {@code scope}, 0 for GLOBAL. Names as in Go's reader. */
    default void rangeBegin(EventContext at, String name, RangeScope scope, long scopeId) {}

    /** A range was already active when the generation began. */
    default void rangeActive(EventContext at, String name, RangeScope scope, long scopeId) {}

    /** A range ends; for "GC incremental sweep" with the bytes swept and reclaimed, else both are -1. */
    default void rangeEnd(
            EventContext at, String name, RangeScope scope, long scopeId, long bytesSwept, long bytesReclaimed) {}

    /** A metric's new value, named as in runtime/metrics, such as {@code /memory/classes/heap/objects:bytes}. */
    default void metric(EventContext at, String name, long value) {}

    /** The goroutine at hand got a label, such as "GC (dedicated)". */
    default void label(EventContext at, long goroutine, int label) {}

    /** A CPU profile's sample: {@link EventContext#stack} is the stack that was running. */
    default void stackSample(EventContext at) {}

    /** A user task begins; {@code parent} is 0 when it has none. */
    default void taskBegin(EventContext at, long task, long parent, int type) {}

    /** A user task ends; {@code type} is 0 when its begin was not seen. */
    default void taskEnd(EventContext at, long task, long parent, int type) {}

    /** A user region begins on the goroutine at hand. */
    default void regionBegin(EventContext at, long task, int type) {}

    /** A user region ends on the goroutine at hand. */
    default void regionEnd(EventContext at, long task, int type) {}

    /** {@code trace.Log}: category and message are string ids; a message may hold any bytes. Task 0 is the background. */
    default void log(EventContext at, long task, int category, int message) {}

    /** An event of an experiment (AllocFree). {@code name} as in Go's reader; {@code args} only valid during the call. */
    default void experimental(EventContext at, String experiment, String name, long[] args, int argCount) {}
}
