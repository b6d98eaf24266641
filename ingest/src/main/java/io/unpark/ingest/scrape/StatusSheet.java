package io.unpark.ingest.scrape;

import io.unpark.ingest.discovery.TargetSource;
import io.unpark.ingest.scrape.ScrapeStatus.EndpointStatus;
import io.unpark.ingest.scrape.ScrapeStatus.SourceStatus;
import io.unpark.ingest.scrape.ScrapeStatus.TargetStatus;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * What scraping looks like at one moment: the targets in trouble first, as many as people read.
 *
 * @param jobs in the order in which what is known of them is given
 */
record StatusSheet(List<JobDiscovery> jobs, TargetTable table, ScrapeTotals totals) {
    private static final int SHOWN_TARGETS = 500;

    /**
     * Reads the table: by whoever holds its lock.
     *
     * @param known by job, what its sources last said
     * @param running scrapes under way
     */
    ScrapeStatus fill(List<Map<TargetSource, JobDiscovery.Known>> known, int running, long nowMs) {
        List<TargetStatus> targets =
                table.all().stream().map(run -> status(run, nowMs)).toList();
        List<TargetStatus> shown = targets.stream()
                .sorted(Comparator.comparing((TargetStatus it) -> !it.isFailing())
                        .thenComparing(it -> it.target().id()))
                .limit(SHOWN_TARGETS)
                .toList();
        int failing = (int) targets.stream().filter(TargetStatus::isFailing).count();
        return new ScrapeStatus(shown, targets.size(), failing, running, sources(known), totals.list());
    }

    private static TargetStatus status(TargetRun run, long nowMs) {
        List<EndpointStatus> endpoints = run.endpoints().stream()
                .map(it -> new EndpointStatus(
                        it.endpoint().name(),
                        run.running().equals(it.endpoint().name()),
                        it.failures(),
                        it.last(),
                        Math.max(0, it.dueMs() - nowMs)))
                .toList();
        return new TargetStatus(run.target(), endpoints);
    }

    private List<SourceStatus> sources(List<Map<TargetSource, JobDiscovery.Known>> known) {
        List<SourceStatus> sources = new ArrayList<>();
        for (int i = 0; i < jobs.size(); i++) {
            String job = jobs.get(i).job().name();
            known.get(i)
                    .forEach((source, it) -> sources.add(new SourceStatus(
                            job, source.name(), it.targets(), it.lastGood(), it.error(), table.rejected(job))));
        }
        return sources;
    }
}
