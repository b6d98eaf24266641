package io.unpark.trace;

import java.util.Arrays;

/**
 * The wire format as data: every event type of format v2, its code, the Go version that introduced it, and its arguments
 * in wire order. A timed event's first argument on the wire, the time since the one before, is left out here.
 *
 * <p>Facts from the Go toolchain: {@code src/internal/trace/tracev2/events.go}.
 */
enum WireEvent {
    // Structure: framing and tables, never part of an M's stream.
    EVENT_BATCH(1, 22, "EventBatch"),
    STACKS(2, 22, "Stacks"),
    STACK(3, 22, "Stack"),
    STRINGS(4, 22, "Strings"),
    STRING(5, 22, "String"),
    CPU_SAMPLES(6, 22, "CPUSamples"),
    CPU_SAMPLE(7, 22, "CPUSample"),
    FREQUENCY(8, 22, "Frequency"),

    PROCS_CHANGE(9, 22, "ProcsChange", "procs_value", "stack"),
    PROC_START(10, 22, "ProcStart", "p", "p_seq"),
    PROC_STOP(11, 22, "ProcStop", none()),
    PROC_STEAL(12, 22, "ProcSteal", "p", "p_seq", "m"),
    PROC_STATUS(13, 22, "ProcStatus", "p", "pstatus"),

    GO_CREATE(14, 22, "GoCreate", "new_g", "new_stack", "stack"),
    GO_CREATE_SYSCALL(15, 22, "GoCreateSyscall", "new_g"),
    GO_START(16, 22, "GoStart", "g", "g_seq"),
    GO_DESTROY(17, 22, "GoDestroy", none()),
    GO_DESTROY_SYSCALL(18, 22, "GoDestroySyscall", none()),
    GO_STOP(19, 22, "GoStop", "reason_string", "stack"),
    GO_BLOCK(20, 22, "GoBlock", "reason_string", "stack"),
    GO_UNBLOCK(21, 22, "GoUnblock", "g", "g_seq", "stack"),
    GO_SYSCALL_BEGIN(22, 22, "GoSyscallBegin", "p_seq", "stack"),
    GO_SYSCALL_END(23, 22, "GoSyscallEnd", none()),
    GO_SYSCALL_END_BLOCKED(24, 22, "GoSyscallEndBlocked", none()),
    GO_STATUS(25, 22, "GoStatus", "g", "m", "gstatus"),

    STW_BEGIN(26, 22, "STWBegin", "kind_string", "stack"),
    STW_END(27, 22, "STWEnd", none()),

    GC_ACTIVE(28, 22, "GCActive", "gc_seq"),
    GC_BEGIN(29, 22, "GCBegin", "gc_seq", "stack"),
    GC_END(30, 22, "GCEnd", "gc_seq"),
    GC_SWEEP_ACTIVE(31, 22, "GCSweepActive", "p"),
    GC_SWEEP_BEGIN(32, 22, "GCSweepBegin", "stack"),
    GC_SWEEP_END(33, 22, "GCSweepEnd", "swept_value", "reclaimed_value"),
    GC_MARK_ASSIST_ACTIVE(34, 22, "GCMarkAssistActive", "g"),
    GC_MARK_ASSIST_BEGIN(35, 22, "GCMarkAssistBegin", "stack"),
    GC_MARK_ASSIST_END(36, 22, "GCMarkAssistEnd", none()),
    HEAP_ALLOC(37, 22, "HeapAlloc", "heapalloc_value"),
    HEAP_GOAL(38, 22, "HeapGoal", "heapgoal_value"),

    GO_LABEL(39, 22, "GoLabel", "label_string"),
    USER_TASK_BEGIN(40, 22, "UserTaskBegin", "task", "parent_task", "name_string", "stack"),
    USER_TASK_END(41, 22, "UserTaskEnd", "task", "stack"),
    USER_REGION_BEGIN(42, 22, "UserRegionBegin", "task", "name_string", "stack"),
    USER_REGION_END(43, 22, "UserRegionEnd", "task", "name_string", "stack"),
    USER_LOG(44, 22, "UserLog", "task", "key_string", "value_string", "stack"),

    GO_SWITCH(45, 23, "GoSwitch", "g", "g_seq"),
    GO_SWITCH_DESTROY(46, 23, "GoSwitchDestroy", "g", "g_seq"),
    GO_CREATE_BLOCKED(47, 23, "GoCreateBlocked", "new_g", "new_stack", "stack"),
    GO_STATUS_STACK(48, 23, "GoStatusStack", "g", "m", "gstatus", "stack"),

    EXPERIMENTAL_BATCH(49, 23, "ExperimentalBatch"),
    SYNC(50, 25, "Sync"),
    CLOCK_SNAPSHOT(51, 25, "ClockSnapshot"),
    END_OF_GENERATION(52, 26, "EndOfGeneration"),

    // The AllocFree experiment.
    SPAN(128, 23, "Span", "id", "npages_value", "kindclass"),
    SPAN_ALLOC(129, 23, "SpanAlloc", "id", "npages_value", "kindclass"),
    SPAN_FREE(130, 23, "SpanFree", "id"),
    HEAP_OBJECT(131, 23, "HeapObject", "id", "type"),
    HEAP_OBJECT_ALLOC(132, 23, "HeapObjectAlloc", "id", "type"),
    HEAP_OBJECT_FREE(133, 23, "HeapObjectFree", "id"),
    GOROUTINE_STACK(134, 23, "GoroutineStack", "id", "order"),
    GOROUTINE_STACK_ALLOC(135, 23, "GoroutineStackAlloc", "id", "order"),
    GOROUTINE_STACK_FREE(136, 23, "GoroutineStackFree", "id");

    /** Most arguments of a timed event, the time left out. */
    static final int MAX_ARGS = 4;

    private static final WireEvent[] BY_CODE = new WireEvent[256];
    /** Arguments of the timed event of each code, -1 where there is none. */
    private static final byte[] ARG_COUNTS = new byte[256];

    static {
        Arrays.fill(ARG_COUNTS, (byte) -1);
        for (WireEvent event : values()) {
            BY_CODE[event.code] = event;
            ARG_COUNTS[event.code] = (byte) (event.timed ? event.argCount : -1);
        }
    }

    final int code;
    final int sinceGoMinor;
    final String goName;
    final boolean timed;
    final String[] args;
    final int argCount;

    /** A structural event. */
    WireEvent(int code, int sinceGoMinor, String goName) {
        this(code, sinceGoMinor, goName, false, none());
    }

    /** A timed event. */
    WireEvent(int code, int sinceGoMinor, String goName, String... args) {
        this(code, sinceGoMinor, goName, true, args);
    }

    WireEvent(int code, int sinceGoMinor, String goName, boolean timed, String[] args) {
        this.code = code;
        this.sinceGoMinor = sinceGoMinor;
        this.goName = goName;
        this.timed = timed;
        this.args = args;
        this.argCount = args.length;
    }

    private static String[] none() {
        return new String[0];
    }

    /** The event of a wire code 0 to 255, or null when the format has none. */
    static WireEvent ofCode(int code) {
        return BY_CODE[code];
    }

    /** How many arguments the timed event of a wire code has, its time left out; negative when there is no such event. */
    static int argCount(int code) {
        return ARG_COUNTS[code];
    }

    /** The names of an experimental event's arguments. */
    static String[] experimentalArgs(String goName, int count) {
        for (WireEvent event : values()) {
            if (event.goName.equals(goName) && event.argCount == count) {
                return event.args;
            }
        }
        throw new IllegalArgumentException("no experimental event " + goName + " with " + count + " arguments");
    }

    /** For messages: a name where the code has one. */
    static String describe(int code) {
        WireEvent event = BY_CODE[code & 0xff];
        return event == null ? "event type " + (code & 0xff) : event.goName;
    }
}
