package io.unpark.sink.store;

/**
 * When an anomaly counts as resolved: the service's newest window ends later than last seen + quiet, or nothing came
 * from the service for that long by the wall clock.
 *
 * @param nowMs wall clock, milliseconds since 1970 UTC
 * @param quietMs how long is long enough, milliseconds
 */
public record StateRule(long nowMs, long quietMs) {
    private static final long NS_PER_MS = 1_000_000;

    public long quietNs() {
        return quietMs * NS_PER_MS;
    }

    public long silentSinceMs() {
        return nowMs - quietMs;
    }
}
