package io.unpark.app.analyze;

import io.unpark.analysis.model.Instance;
import java.nio.file.Path;

/**
 * One file and whose it is.
 *
 * @param name base name without compression suffix, as results show it
 * @param instance the process that it is about
 * @param madeUnixNs when it was made, for what in it has no time of its own (traces before Go 1.25, most race logs); wall
 *     clock, nanoseconds since 1970 UTC
 */
public record Input(Path file, Type type, String name, Instance instance, long madeUnixNs) {
    /** What a file holds. */
    public enum Type {
        TRACE,
        RACE_LOG
    }
}
