package io.unpark.ingest.spool;

import java.util.List;
import java.util.Optional;

/**
 * What a spool folder holds and did since this process started.
 *
 * @param waiting files that were seen at the last look and are not taken yet
 * @param taken files taken in whole
 * @param refused files moved to {@code refused}
 * @param lastRefused the last of these, with the reason; at most 20
 * @param trouble why nothing moves; empty when all is well
 */
public record SpoolStatus(
        String folder, int waiting, long taken, long refused, List<RefusedFile> lastRefused, Optional<String> trouble) {
    /** A file by its name within {@code refused}, and why. */
    public record RefusedFile(String name, String why) {}
}
