package io.unpark.ingest;

import io.unpark.trace.TraceLimits;

/**
 * Bounds of what pushes may cost this process.
 *
 * @param body of one push, compressed and decompressed
 * @param maxConcurrentPushes more are told to come back; each may hold three generations in memory
 * @param trace of these, the size of a generation
 * @param raceLog of the parser
 * @param maxReportsPerPush reports of one race log; the rest is refused, and said so
 * @param deadLetterQuotaBytes traces of unknown versions kept in one process's life
 * @param maxDeadLetterBytes of one such trace; a larger one is not kept
 */
public record IngestLimits(
        Decompression.Limits body,
        int maxConcurrentPushes,
        TraceLimits trace,
        RaceLogLimits raceLog,
        int maxReportsPerPush,
        long deadLetterQuotaBytes,
        int maxDeadLetterBytes) {
    /** What `collect` and `up` use. */
    public static final IngestLimits DEFAULT = new IngestLimits(
            Decompression.Limits.DEFAULT,
            8,
            TraceLimits.defaults().withMaxGenerationBytes(64 << 20),
            RaceLogLimits.DEFAULT,
            10_000,
            64L << 20,
            16 << 20);
}
