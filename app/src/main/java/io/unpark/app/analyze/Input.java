package io.unpark.app.analyze;

import io.unpark.analysis.model.Instance;
import java.nio.file.Path;

/**
 * One file and whose it is.
 *
 * @param name base name without compression suffix, as results show it
 * @param instance the process that it is about
 */
public record Input(Path file, Type type, String name, Instance instance) {
    /** What a file holds. */
    public enum Type {
        TRACE,
        RACE_LOG
    }
}
