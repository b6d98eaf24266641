package io.unpark.ingest.scrape;

import io.unpark.ingest.discovery.TargetSource;
import io.unpark.ingest.outgoing.HttpAccess;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * Targets that are scraped alike.
 *
 * @param name unique; the service's name of targets without a label that says it
 * @param scheme {@code http} or {@code https}, unless a target's label {@code __scheme__} says otherwise
 * @param labels of all targets, unless a target's own say otherwise
 * @param endpoints what is fetched, one of a kind
 * @param timeout for an answer, on top of the time the service collects
 * @param jitter how far each scrape may move from its time at random: a fraction of the interval, 0 to 0.5
 */
public record ScrapeJob(
        String name,
        String scheme,
        Map<String, String> labels,
        List<Endpoint> endpoints,
        Duration timeout,
        double jitter,
        HttpAccess access,
        List<TargetSource> sources) {
    public ScrapeJob {
        labels = Map.copyOf(labels);
        endpoints = List.copyOf(endpoints);
        sources = List.copyOf(sources);
    }
}
