package io.unpark.ingest.scrape;

import java.util.random.RandomGenerator;

/** When an endpoint of a target is asked for. Times in ms of any clock that does not jump. */
final class Schedule {
    /** A target that is new is asked soon, but not all of a thousand in the same moment. */
    private static final long FIRST_WITHIN_MS = 2_000;

    /** However long something fails, it is looked at so often. */
    private static final long SELDOMEST_MS = 600_000;

    private static final int MAX_DOUBLINGS = 10;

    private final long everyMs;
    private final double jitter;
    private final RandomGenerator random;

    /** @param jitter a fraction of the interval, 0 to 0.5 */
    Schedule(long everyMs, double jitter, RandomGenerator random) {
        this.everyMs = everyMs;
        this.jitter = jitter;
        this.random = random;
    }

    /** The first time of a target that is known since {@code nowMs}; {@code spread} is any number that tells it from others. */
    long first(long nowMs, int spread) {
        return nowMs + Math.floorMod(spread * 0x9E3779B9, (int) Math.min(everyMs, FIRST_WITHIN_MS));
    }

    /**
     * The planned time after the one planned for {@code plannedMs}; times that have passed are left out. Jitter is not part of it, so
     * that it does not add up.
     */
    long next(long plannedMs, long nowMs) {
        long missed = Math.max(0, nowMs - plannedMs) / everyMs;
        return plannedMs + (missed + 1) * everyMs;
    }

    /** A planned time moved by jitter: services do things by the minute, and a trace shall not always see the same of them. */
    long moved(long plannedMs) {
        double fraction = (2 * random.nextDouble() - 1) * jitter;
        return plannedMs + Math.round(fraction * everyMs);
    }

    /** When to try again what has failed so many times in a row that asking more often does no good. */
    long later(long nowMs, int failures) {
        long doubled = everyMs << Math.min(Math.max(0, failures - 1), MAX_DOUBLINGS);
        long wait = Math.min(doubled, Math.max(everyMs, SELDOMEST_MS));
        return nowMs + Math.round(wait * (0.75 + 0.5 * random.nextDouble()));
    }
}
