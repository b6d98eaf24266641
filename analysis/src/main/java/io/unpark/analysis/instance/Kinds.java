package io.unpark.analysis.instance;

import io.unpark.analysis.model.Kind;

/** How the judgements of a kind follow each other over the generations of an instance. */
final class Kinds {
    private Kinds() {}

    /** What a generation's judgement does with the one before. */
    enum Manner {
        /** Judged whole at each generation's end: what is not said again is withdrawn. */
        WHOLE,
        /** Counted in generations: each one that is said adds up. */
        ADDED,
        /** The latest word stands, also when nothing is said any more: it happened. */
        LATEST
    }

    /** Only process kinds are asked for. */
    static Manner manner(Kind kind) {
        return switch (kind) {
            case GOROUTINE_LEAK, HEAP_GROWTH -> Manner.WHOLE;
            case GOROUTINE_SURGE -> Manner.LATEST;
            default -> Manner.ADDED;
        };
    }

    /** About the whole process: the line it names may change, and then the old finding gives way to the new. */
    static boolean onePerInstance(Kind kind) {
        return kind == Kind.SCHED_LATENCY || kind == Kind.GC_PRESSURE;
    }
}
