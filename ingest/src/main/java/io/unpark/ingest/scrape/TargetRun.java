package io.unpark.ingest.scrape;

import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** A target while it is known. Guarded by its table. */
final class TargetRun {
    private final ScrapeJob job;
    private final ScrapeTarget target;
    private final List<EndpointRun> endpoints;
    private String running = "";

    TargetRun(ScrapeJob job, ScrapeTarget target, long nowMs, RandomGenerator random) {
        this.job = job;
        this.target = target;
        this.endpoints = job.endpoints().stream()
                .map(it -> new EndpointRun(it, job.jitter(), nowMs, (target.id() + it.name()).hashCode(), random))
                .toList();
    }

    ScrapeJob job() {
        return job;
    }

    ScrapeTarget target() {
        return target;
    }

    List<EndpointRun> endpoints() {
        return endpoints;
    }

    Optional<EndpointRun> endpoint(String name) {
        return endpoints.stream()
                .filter(it -> it.endpoint().name().equals(name))
                .findFirst();
    }

    /** Name of the endpoint that is asked right now; "" when none is. */
    String running() {
        return running;
    }

    void running(String endpoint) {
        running = endpoint;
    }
}
