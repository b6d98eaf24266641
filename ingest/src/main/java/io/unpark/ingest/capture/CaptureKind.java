package io.unpark.ingest.capture;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** What may be asked for. Agents make traces only; the collector fetches all of them from the targets of its scrapes. */
public enum CaptureKind {
    TRACE,
    HEAP,
    GOROUTINE,
    GOROUTINELEAK;

    /** The name in parameters and documents, and that of the endpoint. */
    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }

    static Optional<CaptureKind> named(String key) {
        return Arrays.stream(values()).filter(it -> it.key().equals(key)).findFirst();
    }

    /** Whether it takes a while, rather than being there at once. */
    boolean lasts() {
        return this == TRACE;
    }
}
