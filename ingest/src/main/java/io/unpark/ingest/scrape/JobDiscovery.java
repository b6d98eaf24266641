package io.unpark.ingest.scrape;

import io.unpark.ingest.discovery.TargetGroup;
import io.unpark.ingest.discovery.TargetSource;
import io.unpark.ingest.outgoing.Reasons;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks the sources of one job for its targets. Thread-safe; each source is asked by one thread at a time. */
final class JobDiscovery {
    private static final Logger LOG = LoggerFactory.getLogger(JobDiscovery.class);

    private final ScrapeJob job;
    private final Clock clock;
    private final Consumer<List<TargetGroup>> found;
    private final Map<TargetSource, Known> sources = new LinkedHashMap<>();

    /** What is known of a source. */
    record Known(List<TargetGroup> groups, Optional<Instant> lastGood, Optional<String> error) {
        int targets() {
            return groups.stream().mapToInt(it -> it.targets().size()).sum();
        }
    }

    /** @param found told all targets of the job after each question */
    JobDiscovery(ScrapeJob job, Clock clock, Consumer<List<TargetGroup>> found) {
        this.job = job;
        this.clock = clock;
        this.found = found;
        job.sources().forEach(it -> sources.put(it, new Known(List.of(), Optional.empty(), Optional.empty())));
    }

    ScrapeJob job() {
        return job;
    }

    synchronized Map<TargetSource, Known> known() {
        return new LinkedHashMap<>(sources);
    }

    /** Asks it. Never throws: what goes wrong stands in the status, and is logged when it is new. */
    void ask(TargetSource source) {
        Known now;
        try {
            now = new Known(source.refresh(), Optional.of(clock.instant()), Optional.empty());
        } catch (IOException e) {
            now = new Known(source.known(), lastGood(source), Optional.of(Reasons.of(e)));
        } catch (RuntimeException e) {
            LOG.error("{} of job {} failed", source.name(), job.name(), e);
            now = new Known(source.known(), lastGood(source), Optional.of(e.toString()));
        }
        note(source, now);
    }

    private synchronized Optional<Instant> lastGood(TargetSource source) {
        return sources.get(source).lastGood();
    }

    /** The table is told under the same lock, so that an older list never comes after a newer one. */
    private synchronized void note(TargetSource source, Known now) {
        Known before = sources.put(source, now);
        if (now.error().isPresent() && !now.error().equals(before.error())) {
            LOG.warn(
                    "targets of job {}: {}: {}",
                    job.name(),
                    source.name(),
                    now.error().get());
        }
        found.accept(
                sources.values().stream().flatMap(it -> it.groups().stream()).toList());
    }
}
