package io.unpark.ingest.scrape;

import java.io.IOException;
import java.io.InputStream;

/** Makes records of what a target answered. Thread-safe: many scrapes run at once. */
@FunctionalInterface
public interface BodyTaker {
    /**
     * Reads the body to its end and returns when what was in it is safe.
     *
     * @param beganUnixNs wall clock when it was asked for, nanoseconds since 1970 UTC
     * @param body as the target sent it, perhaps compressed; bounded by the kind's {@code maxBytes}; closed by the caller
     * @throws IOException what reading throws, or why the content cannot be used
     */
    Taken take(ScrapeTarget target, long beganUnixNs, InputStream body) throws IOException;

    /**
     * What it was.
     *
     * @param items generations of a trace, or profiles
     */
    record Taken(long items) {}
}
