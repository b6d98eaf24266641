package io.unpark.ingest.scrape;

import java.time.Duration;

/**
 * A kind as one job wants it.
 *
 * @param path as in {@link EndpointKind}
 * @param every from the beginning of one to that of the next
 * @param collecting less than {@code every}; zero for what is there at once
 */
public record Endpoint(EndpointKind kind, String path, Duration every, Duration collecting) {
    /** As the kind says. */
    public static Endpoint of(EndpointKind kind) {
        return new Endpoint(kind, kind.path(), kind.every(), kind.collecting());
    }

    public String name() {
        return kind.name();
    }

    /** What is asked for when the service shall collect for so long. */
    String query(Duration howLong) {
        if (kind.collecting().isZero()) {
            return path;
        }
        // pprof reads a decimal fraction
        String seconds = String.valueOf(howLong.toMillis() / 1000.0);
        return path + (path.contains("?") ? "&" : "?") + "seconds=" + seconds;
    }
}
