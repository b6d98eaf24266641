package io.unpark.analysis.instance;

import io.unpark.analysis.model.Kind;

/** How the judgements of a kind follow each other over the generations of an instance. */
final class Kinds {
    private Kinds() {}

    /** Judged whole at each generation's end, so that what is not said again is withdrawn. */
    static boolean judgedWhole(Kind kind) {
        return switch (kind) {
            case GOROUTINE_LEAK, HEAP_GROWTH -> true;
            case MUTEX_CONTENTION, SCHED_LATENCY, GC_PRESSURE -> false;
            case BLOCKED_TOO_LONG, DEADLINE_NOT_PROPAGATED, WORK_AFTER_DEADLINE, DATA_RACE -> false;
        };
    }

    /** About the whole process: the line it names may change, and then the old finding gives way to the new. */
    static boolean onePerInstance(Kind kind) {
        return switch (kind) {
            case SCHED_LATENCY, GC_PRESSURE -> true;
            case GOROUTINE_LEAK,
                    HEAP_GROWTH,
                    MUTEX_CONTENTION,
                    BLOCKED_TOO_LONG,
                    DEADLINE_NOT_PROPAGATED,
                    WORK_AFTER_DEADLINE,
                    DATA_RACE -> false;
        };
    }
}
