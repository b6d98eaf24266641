package io.unpark.ingest.scrape;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What is scraped, at one moment.
 *
 * @param targets those with trouble first, at most 500
 * @param targetCount of all
 * @param failing targets of which an endpoint failed the last time
 * @param running scrapes under way
 * @param sources where targets come from
 * @param totals since the start, by job and endpoint
 */
public record ScrapeStatus(
        List<TargetStatus> targets,
        int targetCount,
        int failing,
        int running,
        List<SourceStatus> sources,
        List<Totals> totals) {
    /** One target. */
    public record TargetStatus(ScrapeTarget target, List<EndpointStatus> endpoints) {
        boolean isFailing() {
            return endpoints.stream().anyMatch(it -> it.failuresInARow() > 0);
        }
    }

    /**
     * One endpoint of a target.
     *
     * @param running right now
     * @param last nothing before the first one ended
     * @param nextInMs how far the next one is; 0 when it is due
     */
    public record EndpointStatus(
            String name, boolean running, int failuresInARow, Optional<ScrapeOutcome> last, long nextInMs) {}

    /** A target that was not taken: its address and why. */
    public record RejectedTarget(String address, String why) {}

    /**
     * One source of targets.
     *
     * @param targets that it named last
     * @param lastGood when it was last asked with success; nothing before
     * @param error of the last attempt; empty when it went well
     * @param rejected of its job
     */
    public record SourceStatus(
            String job,
            String name,
            int targets,
            Optional<Instant> lastGood,
            Optional<String> error,
            List<RejectedTarget> rejected) {}

    /**
     * Sums of one endpoint of one job.
     *
     * @param good scrapes without trouble
     * @param failed the others, by {@link ScrapeTrouble.Cause#key()}
     * @param items see {@link BodyTaker.Taken}
     * @param tookMs of all, summed
     */
    public record Totals(
            String job, String endpoint, long good, Map<String, Long> failed, long bytes, long items, long tookMs) {}
}
