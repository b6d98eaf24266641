package io.unpark.ingest.config;

import com.fasterxml.jackson.databind.JsonNode;
import io.unpark.ingest.discovery.TargetGroup;
import io.unpark.ingest.races.RaceLogSource;
import io.unpark.ingest.scrape.ScrapeJob;
import io.unpark.ingest.spool.SpoolConfig;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What a collector does besides waiting for pushes.
 *
 * @param jobs what is scraped
 * @param scrapeConcurrency scrapes at once
 * @param spool the folder that files are dropped into, if there is one
 * @param raceLogs files of the race detector that are followed
 * @param state where it remembers how far race logs were read; where nothing is said, the caller knows a place
 */
public record CollectorConfig(
        List<ScrapeJob> jobs,
        int scrapeConcurrency,
        Optional<SpoolConfig> spool,
        List<RaceLogSource> raceLogs,
        Optional<Path> state) {
    /** Nothing but pushes. */
    public static final CollectorConfig NONE =
            new CollectorConfig(List.of(), 4, Optional.empty(), List.of(), Optional.empty());

    private static final int MAX_CONCURRENCY = 64;

    public CollectorConfig {
        jobs = List.copyOf(jobs);
        raceLogs = List.copyOf(raceLogs);
    }

    /**
     * Reads the section. Opens no file but looks at names only.
     *
     * @param section the value of the key {@code collector}; a missing or null node says nothing
     * @param folder that relative paths start from
     * @throws CollectorConfigException for the first mistake
     */
    public static CollectorConfig read(JsonNode section, Path folder) {
        if (section.isMissingNode() || section.isNull()) {
            return NONE;
        }
        Section collector = new Section(section, "collector", folder);
        List<ScrapeJob> jobs = collector.list("scrape_configs", JobReader::read);
        Set<String> names = new HashSet<>();
        for (ScrapeJob job : jobs) {
            if (!names.add(job.name())) {
                throw collector.mistake("scrape_configs", "two jobs are called " + job.name());
            }
        }
        CollectorConfig config = new CollectorConfig(
                jobs,
                collector
                        .number("scrape_concurrency", 1, MAX_CONCURRENCY)
                        .map(Double::intValue)
                        .orElse(NONE.scrapeConcurrency()),
                collector.section("spool").map(OtherReaders::spool),
                collector.list("race_logs", OtherReaders::raceLog),
                collector.file("state"));
        collector.end();
        return config;
    }

    /**
     * This one, and what the command line names: targets, each with a label {@code service}, more logs, and another spool folder in the
     * place of this one's.
     *
     * @throws CollectorConfigException when a target is none
     */
    public CollectorConfig with(
            List<TargetGroup> targets, Optional<SpoolConfig> otherSpool, List<RaceLogSource> moreLogs) {
        List<ScrapeJob> more = targets.isEmpty() ? List.of() : List.of(JobReader.plain("command-line", targets));
        if (!more.isEmpty() && jobs.stream().anyMatch(it -> it.name().equals("command-line"))) {
            throw new CollectorConfigException("a job of the configuration is called command-line");
        }
        return new CollectorConfig(
                concat(jobs, more), scrapeConcurrency, otherSpool.or(() -> spool), concat(raceLogs, moreLogs), state);
    }

    private static <T> List<T> concat(List<T> first, List<T> second) {
        return Stream.concat(first.stream(), second.stream()).toList();
    }
}
