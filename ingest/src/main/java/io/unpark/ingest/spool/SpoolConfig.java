package io.unpark.ingest.spool;

import java.nio.file.Path;
import java.time.Duration;

/**
 * A folder that files are dropped into.
 *
 * @param folder made when it is not there
 * @param settle a file is left alone until it has not changed for so long
 * @param cutAfter a file that ends in the middle may still be written; after so long without a change it is refused
 * @param keepDone how long files that were taken in stay in {@code done}; zero deletes them at once
 * @param namespace of all of its services; may be empty
 */
public record SpoolConfig(Path folder, Duration settle, Duration cutAfter, Duration keepDone, String namespace) {
    /** With the defaults. */
    public static SpoolConfig of(Path folder) {
        return new SpoolConfig(folder, Duration.ofSeconds(5), Duration.ofMinutes(1), Duration.ofDays(7), "");
    }
}
