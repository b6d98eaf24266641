package io.unpark.app.roles;

import io.unpark.ingest.races.RaceLogsStatus;
import io.unpark.ingest.scrape.ScrapeOutcome;
import io.unpark.ingest.scrape.ScrapeStatus;
import io.unpark.ingest.scrape.ScrapeStatus.EndpointStatus;
import io.unpark.ingest.scrape.ScrapeStatus.SourceStatus;
import io.unpark.ingest.scrape.ScrapeStatus.TargetStatus;
import io.unpark.ingest.scrape.ScrapeTarget;
import io.unpark.ingest.scrape.ScrapeTrouble;
import io.unpark.ingest.spool.SpoolStatus;
import java.util.LinkedHashMap;
import java.util.Map;

/** The status of what a collector fetches, as JSON's own types. */
final class FeedStatus {
    private FeedStatus() {}

    static Map<String, Object> of(ScrapeStatus status) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("target_count", status.targetCount());
        body.put("failing", status.failing());
        body.put("running", status.running());
        body.put("targets", status.targets().stream().map(FeedStatus::target).toList());
        body.put("sources", status.sources().stream().map(FeedStatus::source).toList());
        return body;
    }

    private static Map<String, Object> target(TargetStatus status) {
        ScrapeTarget target = status.target();
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("job", target.job());
        body.put("url", target.base().toString());
        body.put("namespace", target.namespace());
        body.put("service", target.service());
        body.put("instance", target.instance());
        Map<String, Object> endpoints = new LinkedHashMap<>();
        status.endpoints().forEach(it -> endpoints.put(it.name(), endpoint(it)));
        body.put("endpoints", endpoints);
        return body;
    }

    private static Map<String, Object> endpoint(EndpointStatus status) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("running", status.running());
        body.put("next_in_ms", status.nextInMs());
        body.put("failures_in_a_row", status.failuresInARow());
        if (status.last().isPresent()) {
            ScrapeOutcome last = status.last().get();
            body.put("last_scrape", last.began().toString());
            body.put("took_ms", last.took().toMillis());
            body.put("bytes", last.bytes());
            body.put("items", last.items());
            last.trouble().ifPresent(it -> body.put("error", error(it)));
        }
        return body;
    }

    private static Map<String, Object> error(ScrapeTrouble trouble) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("cause", trouble.cause().key());
        body.put("what", trouble.what());
        body.put("next_step", trouble.nextStep());
        return body;
    }

    private static Map<String, Object> source(SourceStatus source) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("job", source.job());
        body.put("source", source.name());
        body.put("targets", source.targets());
        source.lastGood().ifPresent(it -> body.put("last_good", it.toString()));
        source.error().ifPresent(it -> body.put("error", it));
        body.put(
                "rejected",
                source.rejected().stream()
                        .map(it -> Map.of("target", it.address(), "why", it.why()))
                        .toList());
        return body;
    }

    static Map<String, Object> of(SpoolStatus status) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("folder", status.folder());
        body.put("waiting", status.waiting());
        body.put("taken", status.taken());
        body.put("refused", status.refused());
        body.put(
                "last_refused",
                status.lastRefused().stream()
                        .map(it -> Map.of("file", it.name(), "why", it.why()))
                        .toList());
        status.trouble().ifPresent(it -> body.put("error", it));
        return body;
    }

    static Map<String, Object> of(RaceLogsStatus status) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("file_count", status.fileCount());
        body.put("truncations", status.truncations());
        body.put("files", status.files().stream().map(FeedStatus::file).toList());
        status.trouble().ifPresent(it -> body.put("error", it));
        return body;
    }

    private static Map<String, Object> file(RaceLogsStatus.FileStatus file) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("path", file.path());
        body.put("service", file.service());
        body.put("instance", file.instance());
        body.put("offset", file.offset());
        body.put("open_bytes", file.openBytes());
        if (!file.trouble().isEmpty()) {
            body.put("error", file.trouble());
        }
        return body;
    }
}
