package io.unpark.sink.notify;

import java.time.Duration;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** When to try again: twice as long after each failure up to 5 minutes, with up to half taken off by chance. */
final class RetryTimes {
    private static final long FIRST_MS = 1_000;
    private static final long LONGEST_MS = 300_000;

    private final RandomGenerator random;

    RetryTimes(RandomGenerator random) {
        this.random = random;
    }

    /**
     * Milliseconds to wait.
     *
     * @param failures in a row, from 1
     * @param asked what the receiver asks for at least
     */
    long afterMs(int failures, Optional<Duration> asked) {
        long fullMs = Math.min(LONGEST_MS, FIRST_MS << Math.min(20, failures - 1));
        long jitteredMs = fullMs / 2 + random.nextLong(fullMs / 2 + 1);
        return Math.max(jitteredMs, asked.map(Duration::toMillis).orElse(0L));
    }
}
