package io.unpark.trace;

/**
 * The one place where an event meets its meaning. {@link #step} either takes the event, changing the state and telling the
 * visitor, or leaves everything as it is because the event comes too early: others, of other Ms, must go first.
 *
 * <p>The rules are those of Go's own reader, {@code src/internal/trace/order.go}.
 */
final class Scheduler {
    // The most frequent events, by their codes: a small method is compiled early and well.
    private static final int GO_CREATE = 14;
    private static final int GO_START = 16;
    private static final int GO_DESTROY = 17;
    private static final int GO_STOP = 19;
    private static final int GO_BLOCK = 20;
    private static final int GO_UNBLOCK = 21;
    private static final int GO_SYSCALL_BEGIN = 22;
    private static final int GO_SYSCALL_END = 23;
    private static final int GO_SWITCH = 45;

    private final Machine machine;
    private final ProcEvents procs;
    private final GoroutineEvents goroutines;
    private final SyscallEvents syscalls;
    private final RangeEvents ranges;
    private final UserEvents user;

    Scheduler(Machine machine) {
        this.machine = machine;
        this.procs = new ProcEvents(machine);
        this.goroutines = new GoroutineEvents(machine);
        this.syscalls = new SyscallEvents(machine);
        this.ranges = new RangeEvents(machine);
        this.user = new UserEvents(machine);
    }

    void reset() {
        machine.reset();
        ranges.reset();
    }

    /** Takes the event that the lane shows; false, with nothing changed, when it comes too early. */
    boolean step(Lane e) throws TraceFormatException {
        machine.enter(e);
        return switch (e.code()) {
            case GO_START -> goroutines.start(e);
            case GO_UNBLOCK -> goroutines.unblock(e);
            case GO_BLOCK -> goroutines.stop(e, Goroutine.WAITING);
            case GO_STOP -> goroutines.stop(e, Goroutine.RUNNABLE);
            case GO_CREATE -> goroutines.create(e, Goroutine.RUNNABLE);
            case GO_DESTROY -> goroutines.destroy(e);
            case GO_SWITCH -> goroutines.switchTo(e, false);
            case GO_SYSCALL_BEGIN -> syscalls.begin(e);
            case GO_SYSCALL_END -> syscalls.end(e);
            default -> stepRare(e);
        };
    }

    /** All events by name: the compiler finds one that is forgotten. */
    private boolean stepRare(Lane e) throws TraceFormatException {
        return switch (e.event()) {
            case PROC_START -> procs.start(e);
            case PROC_STOP -> procs.stop(e);
            case PROC_STEAL -> procs.steal(e);
            case PROC_STATUS -> procs.status(e);

            case GO_CREATE -> goroutines.create(e, Goroutine.RUNNABLE);
            case GO_CREATE_BLOCKED -> goroutines.create(e, Goroutine.WAITING);
            case GO_START -> goroutines.start(e);
            case GO_DESTROY -> goroutines.destroy(e);
            case GO_STOP -> goroutines.stop(e, Goroutine.RUNNABLE);
            case GO_BLOCK -> goroutines.stop(e, Goroutine.WAITING);
            case GO_UNBLOCK -> goroutines.unblock(e);
            case GO_SWITCH -> goroutines.switchTo(e, false);
            case GO_SWITCH_DESTROY -> goroutines.switchTo(e, true);
            case GO_STATUS -> goroutines.status(e, 0);
            case GO_STATUS_STACK -> goroutines.status(e, e.arg3());

            case GO_CREATE_SYSCALL -> syscalls.create(e);
            case GO_DESTROY_SYSCALL -> syscalls.destroy(e);
            case GO_SYSCALL_BEGIN -> syscalls.begin(e);
            case GO_SYSCALL_END -> syscalls.end(e);
            case GO_SYSCALL_END_BLOCKED -> syscalls.endBlocked(e);

            case STW_BEGIN -> ranges.pauseBegin(e);
            case STW_END -> ranges.pauseEnd(e);
            case GC_ACTIVE -> ranges.gcActive(e);
            case GC_BEGIN -> ranges.gcBegin(e);
            case GC_END -> ranges.gcEnd(e);
            case GC_SWEEP_ACTIVE -> ranges.sweepActive(e);
            case GC_SWEEP_BEGIN -> ranges.sweepBegin(e);
            case GC_SWEEP_END -> ranges.sweepEnd(e);
            case GC_MARK_ASSIST_ACTIVE -> ranges.assistActive(e);
            case GC_MARK_ASSIST_BEGIN -> ranges.assistBegin(e);
            case GC_MARK_ASSIST_END -> ranges.assistEnd(e);

            case PROCS_CHANGE -> user.procsChange(e);
            case HEAP_ALLOC -> user.heapMetric(e, UserEvents.HEAP_OBJECTS);
            case HEAP_GOAL -> user.heapMetric(e, UserEvents.HEAP_GOAL);
            case GO_LABEL -> user.label(e);
            case USER_TASK_BEGIN -> user.taskBegin(e);
            case USER_TASK_END -> user.taskEnd(e);
            case USER_REGION_BEGIN -> user.regionBegin(e);
            case USER_REGION_END -> user.regionEnd(e);
            case USER_LOG -> user.log(e);

            case SPAN,
                    SPAN_ALLOC,
                    SPAN_FREE,
                    HEAP_OBJECT,
                    HEAP_OBJECT_ALLOC,
                    HEAP_OBJECT_FREE,
                    GOROUTINE_STACK,
                    GOROUTINE_STACK_ALLOC,
                    GOROUTINE_STACK_FREE -> user.experimental(e);

            case EVENT_BATCH,
                    STACKS,
                    STACK,
                    STRINGS,
                    STRING,
                    CPU_SAMPLES,
                    CPU_SAMPLE,
                    FREQUENCY,
                    EXPERIMENTAL_BATCH,
                    SYNC,
                    CLOCK_SNAPSHOT,
                    END_OF_GENERATION -> throw machine.at.corrupt("not an event of an M");
        };
    }
}
