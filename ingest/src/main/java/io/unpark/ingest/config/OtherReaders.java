package io.unpark.ingest.config;

import io.unpark.ingest.races.RaceLogSource;
import io.unpark.ingest.spool.SpoolConfig;
import io.unpark.schemas.record.Instance;
import java.time.Duration;

/** Reads {@code spool} and {@code race_logs}. */
final class OtherReaders {
    private OtherReaders() {}

    static SpoolConfig spool(Section spool) {
        SpoolConfig defaults =
                SpoolConfig.of(spool.file("folder").orElseThrow(() -> spool.mistake("folder", "is missing")));
        SpoolConfig read = new SpoolConfig(
                defaults.folder(),
                spool.duration("settle", Duration.ofMillis(100), Duration.ofHours(1))
                        .orElse(defaults.settle()),
                spool.duration("cut_after", Duration.ofSeconds(1), Duration.ofDays(1))
                        .orElse(defaults.cutAfter()),
                spool.duration("keep_done", Duration.ZERO, Duration.ofDays(3650))
                        .orElse(defaults.keepDone()),
                spool.text("namespace").orElse(""));
        spool.end();
        return read;
    }

    static RaceLogSource raceLog(Section log) {
        if (log.has("log_path") == log.has("files")) {
            throw log.mistake("either log_path, as in GORACE, or files is expected");
        }
        String service = log.required("service");
        Instance instance = new Instance(
                log.text("namespace").orElse(""),
                service,
                log.text("instance").orElse(service),
                log.text("version").orElse(""));
        return log.has("log_path")
                ? RaceLogSource.ofLogPath(log.file("log_path").orElseThrow(), instance)
                : RaceLogSource.ofPatterns(log.files("files"), instance);
    }
}
