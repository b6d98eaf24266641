package io.unpark.trace;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * An event of a trace as a value: immutable, complete, good for keeping after its generation is gone. One record for each
 * method of {@link EventVisitor}, which tells the same without allocating; {@link TraceEvents} gives them one by one.
 *
 * <p>Times are nanoseconds on the trace's own clock ({@link WallClock} turns them into wall-clock time). Ids of
 * goroutines, Ps, Ms and tasks are the runtime's; as unsigned 64-bit numbers in a {@code long}. Strings that are not
 * UTF-8 have U+FFFD where they are not.
 */
public sealed interface TraceEvent {

    /** When, where and under which stack it happened. */
    Moment at();

    /** Nanoseconds on the trace's clock; strictly increasing from event to event. */
    default long timeNs() {
        return at().timeNs();
    }

    /**
     * When and where something happened; {@link EventContext#NONE} stands for "no M", "no P" and "no goroutine".
     *
     * @param timeNs nanoseconds on the trace's clock, comparable over the generations of one process
     * @param m the thread
     * @param p the P that it had before the event
     * @param g the goroutine that ran on it before the event
     * @param stack of that goroutine at the event, the innermost frame first; empty when the trace has none
     */
    record Moment(long timeNs, long m, long p, long g, List<StackFrame> stack) {}

    /**
     * The beginning of a generation, or the trace's end.
     *
     * @param n the n-th of the trace, from 0
     * @param clock the three clocks at one moment; empty before Go 1.25 and at the end
     */
    record Sync(Moment at, int n, Optional<ClockSnapshot> clock) implements TraceEvent {}

    /**
     * A goroutine changed state, or its state became known ({@code from} is UNDETERMINED, or equals {@code to}).
     *
     * @param goroutine the one that changes; {@link Moment#g} is the one that made it do so, such as its waker
     * @param reason why it blocks or stops, such as "chan receive"; else empty
     * @param stack of the goroutine that changes: where it blocks, or for a creation its start function; empty when not
     *     known. {@link Moment#stack} is that of the goroutine that caused the change.
     */
    record GoroutineTransition(
            Moment at, long goroutine, GoState from, GoState to, String reason, List<StackFrame> stack)
            implements TraceEvent {}

    /** A P changed state, or its state became known. */
    record ProcTransition(Moment at, long proc, ProcState from, ProcState to) implements TraceEvent {}

    /**
     * An interval of the runtime begins.
     *
     * @param name "GC concurrent mark phase", "GC incremental sweep", "GC mark assist" or "stop-the-world (…)"
     * @param scopeId the goroutine or P that it belongs to, by {@code scope}; 0 for GLOBAL
     */
    record RangeBegin(Moment at, String name, RangeScope scope, long scopeId) implements TraceEvent {}

    /** An interval was already active when the generation began; fields as in {@link RangeBegin}. */
    record RangeActive(Moment at, String name, RangeScope scope, long scopeId) implements TraceEvent {}

    /**
     * An interval ends; the other fields as in {@link RangeBegin}.
     *
     * @param bytesSwept bytes, for "GC incremental sweep" alone; else -1
     * @param bytesReclaimed bytes, for "GC incremental sweep" alone; else -1
     */
    record RangeEnd(Moment at, String name, RangeScope scope, long scopeId, long bytesSwept, long bytesReclaimed)
            implements TraceEvent {}

    /**
     * A metric's new value.
     *
     * @param name as in runtime/metrics; the unit is behind its colon, as in {@code /gc/heap/goal:bytes}
     */
    record Metric(Moment at, String name, long value) implements TraceEvent {}

    /** A goroutine got a label, such as "GC (dedicated)". */
    record Label(Moment at, long goroutine, String label) implements TraceEvent {}

    /** A CPU profile's sample, taken 100 times a second of CPU: {@link Moment#stack} was running. */
    record StackSample(Moment at) implements TraceEvent {}

    /**
     * A user task begins ({@code trace.NewTask}).
     *
     * @param parent 0 when it has none
     * @param type the name that the program gave
     */
    record TaskBegin(Moment at, long task, long parent, String type) implements TraceEvent {}

    /** A user task ends; {@code parent} is 0 and {@code type} empty when its beginning was not seen. */
    record TaskEnd(Moment at, long task, long parent, String type) implements TraceEvent {}

    /** A region begins on goroutine {@link Moment#g} ({@code trace.StartRegion}); task 0 is the background. */
    record RegionBegin(Moment at, long task, String type) implements TraceEvent {}

    /** A region ends on goroutine {@link Moment#g}; its beginning may lie before the trace. */
    record RegionEnd(Moment at, long task, String type) implements TraceEvent {}

    /**
     * {@code trace.Log}; task 0 is the background.
     *
     * @param message as text
     * @param bytes the same as it was logged: some programs log raw ids
     */
    record Log(Moment at, long task, String category, String message, ByteBuffer bytes) implements TraceEvent {
        public Log {
            bytes = bytes.asReadOnlyBuffer();
        }

        /** Read-only, a view of its own at each call. */
        @Override
        public ByteBuffer bytes() {
            return bytes.duplicate();
        }
    }

    /**
     * An event of an experiment, which Go may change from one release to the next.
     *
     * @param experiment "AllocFree"
     * @param name such as "HeapObjectAlloc"
     * @param arguments by name, in the format's order
     */
    record Experimental(Moment at, String experiment, String name, Map<String, Long> arguments) implements TraceEvent {}
}
