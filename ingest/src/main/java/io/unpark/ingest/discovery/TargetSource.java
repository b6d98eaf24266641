package io.unpark.ingest.discovery;

import java.io.IOException;
import java.time.Duration;
import java.util.List;

/** Knows targets. Asked by one thread. */
public interface TargetSource {
    /** For the status, such as {@code file_sd targets/*.json}. */
    String name();

    /** How often to ask. */
    Duration refreshEvery();

    /**
     * All targets as of now.
     *
     * @throws IOException when they cannot be told in full; those of {@link #known} stand
     */
    List<TargetGroup> refresh() throws IOException;

    /** What stands after a refresh that failed: what was known last, without what is known to be gone. */
    List<TargetGroup> known();
}
