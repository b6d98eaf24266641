package io.unpark.ingest;

import io.unpark.trace.TraceLimits;
import java.time.Duration;

/**
 * Bounds of what pushes may cost this process.
 *
 * @param body of one push, compressed and decompressed
 * @param maxConcurrentPushes being read at once; each may hold three generations in memory
 * @param maxWaitingPushes for one of those to end, half of them of one client; more are told to come back. Each holds a connection, and
 *     what of its body has come by itself
 * @param maxPushWait so long; then it is told to come back
 * @param trace of these, the size of a generation
 * @param raceLog of the parser
 * @param maxReportsPerPush reports of one race log; the rest is refused, and said so
 * @param deadLetterQuotaBytes traces of unknown versions kept in one process's life
 * @param maxDeadLetterBytes of one such trace; a larger one is not kept
 */
public record IngestLimits(
        Decompression.Limits body,
        int maxConcurrentPushes,
        int maxWaitingPushes,
        Duration maxPushWait,
        TraceLimits trace,
        RaceLogLimits raceLog,
        int maxReportsPerPush,
        long deadLetterQuotaBytes,
        int maxDeadLetterBytes) {
    /** What `collect` and `up` use. */
    public static final IngestLimits DEFAULT = new IngestLimits(
            Decompression.Limits.DEFAULT,
            8,
            512,
            Duration.ofSeconds(3),
            TraceLimits.defaults().withMaxGenerationBytes(64 << 20),
            RaceLogLimits.DEFAULT,
            10_000,
            64L << 20,
            16 << 20);
}
