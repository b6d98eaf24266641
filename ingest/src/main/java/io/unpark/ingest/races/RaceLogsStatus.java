package io.unpark.ingest.races;

import java.util.List;
import java.util.Optional;

/**
 * What is followed.
 *
 * @param files those with trouble first, at most 100
 * @param fileCount of all
 * @param truncations files begun again, since the start
 * @param trouble why nothing moves; empty when all is well
 */
public record RaceLogsStatus(List<FileStatus> files, int fileCount, long truncations, Optional<String> trouble) {
    /**
     * One file.
     *
     * @param offset up to which everything is acknowledged, in bytes
     * @param openBytes read, and waiting for the end of a report or for Kafka
     * @param trouble "" when all is well
     */
    public record FileStatus(
            String path, String service, String instance, long offset, long openBytes, String trouble) {}
}
