package io.unpark.streams;

import java.time.Duration;

/**
 * What a task is willing to hold. Reaching any of these is counted, and outside the promise of determinism.
 *
 * @param maxCorrelators instances of one task whose state is kept on the heap; the others are read from the store
 * @param instanceRetention state of an instance that sends nothing goes after this much wall time
 * @param requestRetention segments of a request go this much wall time after its last one
 * @param maxRequests requests of one task; at the limit the one goes that was silent longest
 * @param anomalyRetention an anomaly without any finding for this much wall time goes, and leaves a tombstone
 * @param evictEvery how often this is looked at, and how coarse the time of the last arrival is
 * @param maxEvictionsPerRun bounds the work between two records
 * @param reorderWait generations that wait for one before them go on without it when this much wall time brought nothing more to
 *     hold; only time at which the task was looking counts
 * @param maxHeldBytes of chunks of one instance whose turn has not come; beyond it the oldest missing one is not waited for
 */
public record StreamsLimits(
        int maxCorrelators,
        Duration instanceRetention,
        Duration requestRetention,
        int maxRequests,
        Duration anomalyRetention,
        Duration evictEvery,
        int maxEvictionsPerRun,
        Duration reorderWait,
        long maxHeldBytes) {

    public static final StreamsLimits DEFAULTS = new StreamsLimits(
            64,
            Duration.ofDays(1),
            Duration.ofMinutes(10),
            100_000,
            Duration.ofDays(30),
            Duration.ofSeconds(30),
            2_000,
            Duration.ofMinutes(2),
            128L << 20);
}
