package io.unpark.analysis.model;

/** What a goroutine did during a hop of a causal chain. New kinds go to the end: stored state names them by number. */
public enum HopKind {
    /** It ran, or took steps too short to be kept one by one. */
    RUNNING("running"),
    /** It was ready, and something else ran. */
    READY("ready"),
    /** It was in a system call. */
    SYSCALL("syscall"),
    /** It marked for the collector instead of running. */
    GC_ASSIST("gc_assist"),
    /** The world was stopped while it would have run. */
    STOPPED("stopped"),
    /** It was blocked. */
    WAITING("waiting"),
    /** Its history does not reach back so far. */
    UNKNOWN("unknown");

    private final String id;

    HopKind(String id) {
        this.id = id;
    }

    /** The name in outputs and topics. */
    public String id() {
        return id;
    }

    /** The kind of a name; UNKNOWN for one of a later version. */
    public static HopKind of(String id) {
        for (HopKind kind : values()) {
            if (kind.id.equals(id)) {
                return kind;
            }
        }
        return UNKNOWN;
    }
}
