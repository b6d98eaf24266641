package io.unpark.ingest.scrape;

import io.unpark.ingest.scrape.ScrapeStatus.Totals;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Sums by job and endpoint. Not thread-safe: {@link Scrapers} guards it. */
final class ScrapeTotals {
    private final Map<String, Sum> sums = new TreeMap<>();

    private static final class Sum {
        private final String job;
        private final String endpoint;
        private final Map<String, Long> failed = new TreeMap<>();
        private long good;
        private long bytes;
        private long items;
        private long tookMs;

        Sum(String job, String endpoint) {
            this.job = job;
            this.endpoint = endpoint;
        }

        Totals totals() {
            return new Totals(job, endpoint, good, Map.copyOf(failed), bytes, items, tookMs);
        }
    }

    /** @param jobs are known from the beginning, so that their metrics are */
    ScrapeTotals(List<ScrapeJob> jobs) {
        jobs.forEach(job -> job.endpoints().forEach(it -> sum(job.name(), it.name())));
    }

    private Sum sum(String job, String endpoint) {
        return sums.computeIfAbsent(job + "\n" + endpoint, key -> new Sum(job, endpoint));
    }

    void add(String job, String endpoint, ScrapeOutcome outcome) {
        Sum sum = sum(job, endpoint);
        outcome.trouble()
                .ifPresentOrElse(trouble -> sum.failed.merge(trouble.cause().key(), 1L, Long::sum), () -> sum.good++);
        sum.bytes += outcome.bytes();
        sum.items += outcome.items();
        sum.tookMs += outcome.took().toMillis();
    }

    Optional<Totals> of(String job, String endpoint) {
        return Optional.ofNullable(sums.get(job + "\n" + endpoint)).map(Sum::totals);
    }

    List<Totals> list() {
        return sums.values().stream().map(Sum::totals).toList();
    }
}
