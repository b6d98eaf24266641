package io.unpark.analysis.model;

import java.util.Optional;

/** What can be found, named as in every output. A kind exists here when its detector does. */
public enum Kind {
    GOROUTINE_LEAK("goroutine_leak"),
    GOROUTINE_SURGE("goroutine_surge"),
    SLOW_REQUEST("slow_request"),
    BLOCKED_TOO_LONG("blocked_too_long"),
    MUTEX_CONTENTION("mutex_contention"),
    SCHED_LATENCY("sched_latency"),
    GC_PRESSURE("gc_pressure"),
    STW_PAUSE("stw_pause"),
    HEAP_GROWTH("heap_growth"),
    DEADLINE_NOT_PROPAGATED("deadline_not_propagated"),
    DEADLINE_EXTENDED("deadline_extended"),
    MISSING_DEADLINE("missing_deadline"),
    DEADLINE_EXCEEDED("deadline_exceeded"),
    WORK_AFTER_DEADLINE("work_after_deadline"),
    DATA_RACE("data_race");

    private final String id;

    Kind(String id) {
        this.id = id;
    }

    /** The name in outputs, topics and configuration. */
    public String id() {
        return id;
    }

    /** The kind of a name, or empty when this version has no such detector. */
    public static Optional<Kind> of(String id) {
        for (Kind kind : values()) {
            if (kind.id.equals(id)) {
                return Optional.of(kind);
            }
        }
        return Optional.empty();
    }
}
