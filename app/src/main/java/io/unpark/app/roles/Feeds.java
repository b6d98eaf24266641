package io.unpark.app.roles;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.unpark.app.console.UserError;
import io.unpark.app.process.Closing;
import io.unpark.app.process.DataFolder;
import io.unpark.ingest.Intake;
import io.unpark.ingest.config.CollectorConfig;
import io.unpark.ingest.races.RaceLogs;
import io.unpark.ingest.scrape.BodyTaker;
import io.unpark.ingest.scrape.EndpointKind;
import io.unpark.ingest.scrape.ProfileTaker;
import io.unpark.ingest.scrape.ScrapeJob;
import io.unpark.ingest.scrape.ScrapeStatus.Totals;
import io.unpark.ingest.scrape.Scrapers;
import io.unpark.ingest.scrape.TraceTaker;
import io.unpark.ingest.spool.SpoolFolder;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;

/** What a collector fetches by itself: scrapes, the spool folder, race logs. */
public final class Feeds implements AutoCloseable {
    private final Closing closing = new Closing();

    private Optional<Scrapers> scrapers = Optional.empty();
    private Optional<SpoolFolder> spool = Optional.empty();
    private Optional<RaceLogs> raceLogs = Optional.empty();

    private Feeds() {}

    /**
     * Starts what the configuration names; nothing of it needs its sources to be there already.
     *
     * @param state where race logs' places are remembered, unless the configuration names a folder; made only when needed
     * @throws UserError when a folder cannot be used
     */
    public static Feeds start(CollectorConfig config, Path state, Intake intake, Clock clock, MeterRegistry meters) {
        Feeds feeds = new Feeds();
        try {
            feeds.startSpool(config, intake, clock, meters);
            feeds.startRaceLogs(config, config.state().orElse(state), intake, clock, meters);
            feeds.startScrapes(config, intake, clock, meters);
            return feeds;
        } catch (RuntimeException | Error e) {
            feeds.close();
            throw e;
        }
    }

    private void startScrapes(CollectorConfig config, Intake intake, Clock clock, MeterRegistry meters) {
        if (config.jobs().isEmpty()) {
            return;
        }
        Map<String, BodyTaker> takers = new TreeMap<>(ProfileTaker.all(intake));
        takers.put(EndpointKind.TRACE.name(), new TraceTaker(intake));
        Scrapers started = closing.add(
                "scrapes",
                new Scrapers(config.jobs(), takers, config.scrapeConcurrency(), clock, new SplittableRandom()));
        for (ScrapeJob job : config.jobs()) {
            job.endpoints().forEach(it -> count(meters, started, job.name(), it.name()));
        }
        Gauge.builder("unpark.scrape.targets", started, it -> it.status().targetCount())
                .description("Processes that are scraped")
                .register(meters);
        Gauge.builder(
                        "unpark.scrape.failing.targets",
                        started,
                        it -> it.status().failing())
                .description("Of those, the ones whose last scrape failed")
                .register(meters);
        started.start();
        scrapers = Optional.of(started);
    }

    private static void count(MeterRegistry meters, Scrapers scrapers, String job, String endpoint) {
        count(meters, scrapers, "good", "Scrapes that went well", job, endpoint, Totals::good);
        count(
                meters,
                scrapers,
                "failed",
                "Scrapes that failed",
                job,
                endpoint,
                it -> it.failed().values().stream().mapToLong(Long::longValue).sum());
        count(meters, scrapers, "bytes", "Bytes that were fetched", job, endpoint, Totals::bytes);
        count(
                meters,
                scrapers,
                "items",
                "Generations and profiles that were taken in of them",
                job,
                endpoint,
                Totals::items);
        count(meters, scrapers, "seconds", "Time that scrapes took, in sum", job, endpoint, it -> it.tookMs() / 1000.0);
    }

    private static void count(
            MeterRegistry meters,
            Scrapers scrapers,
            String name,
            String description,
            String job,
            String endpoint,
            ToDoubleFunction<Totals> value) {
        FunctionCounter.builder(
                        "unpark.scrape." + name,
                        scrapers,
                        it -> it.totals(job, endpoint).map(value::applyAsDouble).orElse(0.0))
                .description(description)
                .tag("job", job)
                .tag("endpoint", endpoint)
                .register(meters);
    }

    private void startSpool(CollectorConfig config, Intake intake, Clock clock, MeterRegistry meters) {
        if (config.spool().isEmpty()) {
            return;
        }
        try {
            SpoolFolder started =
                    closing.add("spool folder", new SpoolFolder(config.spool().get(), intake, clock));
            Gauge.builder(
                            "unpark.spool.waiting.files",
                            started,
                            it -> it.status().waiting())
                    .description("Files in the spool folder that wait")
                    .register(meters);
            FunctionCounter.builder(
                            "unpark.spool.taken.files",
                            started,
                            it -> it.status().taken())
                    .description("Files that were taken in")
                    .register(meters);
            FunctionCounter.builder(
                            "unpark.spool.refused.files",
                            started,
                            it -> it.status().refused())
                    .description("Files that were moved to refused")
                    .register(meters);
            started.start();
            spool = Optional.of(started);
        } catch (IOException e) {
            throw UserError.environment(
                    "cannot use the spool folder: " + e.getMessage() + "; name another with --spool");
        }
    }

    private void startRaceLogs(CollectorConfig config, Path state, Intake intake, Clock clock, MeterRegistry meters) {
        if (config.raceLogs().isEmpty()) {
            return;
        }
        DataFolder folder = closing.add("state folder", DataFolder.kept(state, "--state"));
        try {
            RaceLogs started = closing.add("race logs", new RaceLogs(config.raceLogs(), folder.path(), intake, clock));
            Gauge.builder("unpark.race.logs.files", started, it -> it.status().fileCount())
                    .description("Race logs that are followed")
                    .register(meters);
            FunctionCounter.builder(
                            "unpark.race.logs.truncations",
                            started,
                            it -> it.status().truncations())
                    .description("Race logs that became shorter, and are read anew")
                    .register(meters);
            started.start();
            raceLogs = Optional.of(started);
        } catch (IOException e) {
            throw UserError.environment(
                    "cannot use the state folder " + state + ": " + e.getMessage() + "; name another with --state");
        }
    }

    /** For captures on demand; nothing when no job is configured. */
    public Optional<Scrapers> scrapers() {
        return scrapers;
    }

    /** Sections of the status page, by their names. */
    public Map<String, Object> status() {
        Map<String, Object> sections = new LinkedHashMap<>();
        scrapers.ifPresent(it -> sections.put("scrape", FeedStatus.of(it.status())));
        spool.ifPresent(it -> sections.put("spool", FeedStatus.of(it.status())));
        raceLogs.ifPresent(it -> sections.put("race_logs", FeedStatus.of(it.status())));
        return sections;
    }

    /** Ends what is under way; what was acknowledged stays. */
    @Override
    public void close() {
        closing.close();
    }
}
