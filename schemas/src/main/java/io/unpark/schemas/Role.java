package io.unpark.schemas;

import java.util.Locale;

/** Who reaches the cluster: each role can have a principal of its own, that may do what {@link Access} lists and no more. */
public enum Role {
    /** {@code unpark collect}, and services that produce traces themselves. */
    COLLECT,
    /** {@code unpark stream}. */
    STREAM,
    /** {@code unpark sink}. */
    SINK,
    /** {@code unpark topics create} and {@code check}. */
    TOPICS,
    /** {@code unpark doctor}. */
    DOCTOR,
    /** {@code unpark dlq}. */
    DLQ,
    /** {@code unpark replay} on a cluster. */
    REPLAY,
    /** Somebody's own program that reads the results, in a group called {@code <prefix>unpark-reader…}. */
    READER;

    /** In lower case, as the verb. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
