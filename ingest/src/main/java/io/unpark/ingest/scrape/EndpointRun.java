package io.unpark.ingest.scrape;

import java.util.Optional;
import java.util.random.RandomGenerator;

/** One endpoint of one target: when it is due, and what came of it. Guarded by its table. */
final class EndpointRun {
    private final Endpoint endpoint;
    private final Schedule schedule;
    private long plannedMs;
    private long dueMs;
    private int failures;
    private ScrapeOutcome last;

    EndpointRun(Endpoint endpoint, double jitter, long nowMs, int spread, RandomGenerator random) {
        this.endpoint = endpoint;
        this.schedule = new Schedule(endpoint.every().toMillis(), jitter, random);
        this.plannedMs = schedule.first(nowMs, spread);
        this.dueMs = plannedMs;
    }

    Endpoint endpoint() {
        return endpoint;
    }

    long dueMs() {
        return dueMs;
    }

    /** Failed attempts since the last good one. */
    int failures() {
        return failures;
    }

    Optional<ScrapeOutcome> last() {
        return Optional.ofNullable(last);
    }

    /** A planned one ended. */
    void ended(ScrapeOutcome outcome, long nowMs) {
        note(outcome);
        if (outcome.trouble().filter(it -> it.cause().backsOff()).isPresent()) {
            dueMs = schedule.later(nowMs, failures);
            plannedMs = dueMs;
        } else {
            plannedMs = schedule.next(plannedMs, nowMs);
            dueMs = Math.max(nowMs, schedule.moved(plannedMs));
        }
    }

    /** One that was asked for ended; the plan stays. */
    void note(ScrapeOutcome outcome) {
        last = outcome;
        failures = outcome.trouble().isEmpty() ? 0 : failures + 1;
    }
}
