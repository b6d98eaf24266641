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

    /** One of the job's; or a profile, which costs little and which every service has that has any of them. */
    Optional<EndpointRun> onDemand(String name) {
        return endpoint(name)
                .or(() -> EndpointKind.ALL.stream()
                        .filter(it -> it != EndpointKind.TRACE && it.name().equals(name))
                        .findFirst()
                        .map(it -> new EndpointRun(Endpoint.of(it), 0, 0, 0, RandomGenerator.getDefault())));
    }

    /** Name of the endpoint that is asked right now; "" when none is. */
    String running() {
        return running;
    }

    void running(String endpoint) {
        running = endpoint;
    }
}
