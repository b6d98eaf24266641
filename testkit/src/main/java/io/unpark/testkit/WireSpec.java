package io.unpark.testkit;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * An event of the trace format v2 as an assembler needs it: code, name, arguments in wire order. Kept apart from the
 * decoder's own table on purpose, so that a mistake in one of them shows.
 *
 * @param args names as in the Go toolchain's raw text; a timed event's begin with {@code dt}
 */
record WireSpec(int code, String name, List<String> args) {
    private static final String TABLE = """
            1 EventBatch gen m time size
            2 Stacks
            3 Stack id nframes
            4 Strings
            5 String id
            6 CPUSamples
            7 CPUSample time m p g stack
            8 Frequency freq
            9 ProcsChange dt procs_value stack
            10 ProcStart dt p p_seq
            11 ProcStop dt
            12 ProcSteal dt p p_seq m
            13 ProcStatus dt p pstatus
            14 GoCreate dt new_g new_stack stack
            15 GoCreateSyscall dt new_g
            16 GoStart dt g g_seq
            17 GoDestroy dt
            18 GoDestroySyscall dt
            19 GoStop dt reason_string stack
            20 GoBlock dt reason_string stack
            21 GoUnblock dt g g_seq stack
            22 GoSyscallBegin dt p_seq stack
            23 GoSyscallEnd dt
            24 GoSyscallEndBlocked dt
            25 GoStatus dt g m gstatus
            26 STWBegin dt kind_string stack
            27 STWEnd dt
            28 GCActive dt gc_seq
            29 GCBegin dt gc_seq stack
            30 GCEnd dt gc_seq
            31 GCSweepActive dt p
            32 GCSweepBegin dt stack
            33 GCSweepEnd dt swept_value reclaimed_value
            34 GCMarkAssistActive dt g
            35 GCMarkAssistBegin dt stack
            36 GCMarkAssistEnd dt
            37 HeapAlloc dt heapalloc_value
            38 HeapGoal dt heapgoal_value
            39 GoLabel dt label_string
            40 UserTaskBegin dt task parent_task name_string stack
            41 UserTaskEnd dt task stack
            42 UserRegionBegin dt task name_string stack
            43 UserRegionEnd dt task name_string stack
            44 UserLog dt task key_string value_string stack
            45 GoSwitch dt g g_seq
            46 GoSwitchDestroy dt g g_seq
            47 GoCreateBlocked dt new_g new_stack stack
            48 GoStatusStack dt g m gstatus stack
            49 ExperimentalBatch exp gen m time
            50 Sync
            51 ClockSnapshot dt mono sec nsec
            52 EndOfGeneration
            128 Span dt id npages_value kindclass
            129 SpanAlloc dt id npages_value kindclass
            130 SpanFree dt id
            131 HeapObject dt id type
            132 HeapObjectAlloc dt id type
            133 HeapObjectFree dt id
            134 GoroutineStack dt id order
            135 GoroutineStackAlloc dt id order
            136 GoroutineStackFree dt id
            """;

    private static final Map<String, WireSpec> BY_NAME =
            TABLE.lines().map(WireSpec::parse).collect(Collectors.toMap(WireSpec::name, Function.identity()));

    static final List<String> FRAME = List.of("pc", "func", "file", "line");

    private static WireSpec parse(String line) {
        List<String> words = Arrays.asList(line.split(" "));
        return new WireSpec(Integer.parseInt(words.get(0)), words.get(1), words.subList(2, words.size()));
    }

    static WireSpec of(String name) {
        WireSpec spec = BY_NAME.get(name);
        if (spec == null) {
            throw new IllegalArgumentException("no event is called " + name);
        }
        return spec;
    }

    boolean isTimed() {
        return !args.isEmpty() && args.get(0).equals("dt");
    }

    boolean hasData() {
        return name.equals("String") || name.equals("ExperimentalBatch");
    }
}
