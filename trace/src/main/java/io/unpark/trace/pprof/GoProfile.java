package io.unpark.trace.pprof;

import java.util.Optional;

/** The profiles of Go's runtime that Unpark judges, known by what their samples count. */
public enum GoProfile {
    /** Memory that is in use, by where it was allocated; {@code /debug/pprof/heap} and {@code allocs}. */
    HEAP("heap", "inuse_space"),
    /** All goroutines by stack; {@code /debug/pprof/goroutine}. */
    GOROUTINE("goroutine", "goroutine"),
    /** Goroutines that the collector proved stuck; Go 1.26 built with {@code GOEXPERIMENT=goroutineleakprofile}. */
    GOROUTINE_LEAK("goroutineleak", "goroutineleak");

    private final String id;
    private final String valueType;

    GoProfile(String id, String valueType) {
        this.id = id;
        this.valueType = valueType;
    }

    /** As in the address under {@code /debug/pprof/} and in records. */
    public String id() {
        return id;
    }

    /** The sample type that counts. */
    public String valueType() {
        return valueType;
    }

    /** What a profile is; empty for others, such as CPU profiles. */
    public static Optional<GoProfile> of(PprofProfile profile) {
        for (GoProfile kind : values()) {
            if (profile.valueOf(kind.valueType) >= 0) {
                return Optional.of(kind);
            }
        }
        return Optional.empty();
    }

    /** The one of an id. */
    public static Optional<GoProfile> named(String id) {
        for (GoProfile kind : values()) {
            if (kind.id.equals(id)) {
                return Optional.of(kind);
            }
        }
        return Optional.empty();
    }
}
