package io.unpark.app;

import io.unpark.app.console.UserError;
import io.unpark.ingest.config.CollectorConfig;
import io.unpark.ingest.config.CollectorConfigException;
import io.unpark.ingest.discovery.TargetGroup;
import io.unpark.ingest.races.RaceLogSource;
import io.unpark.ingest.spool.SpoolConfig;
import io.unpark.schemas.record.Instance;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import picocli.CommandLine.Option;

/** The options by which a collector fetches by itself; {@code collector} in {@code unpark.yaml} says more. */
final class FeedOptions {
    @Option(
            names = "--scrape",
            paramLabel = "SERVICE=HOST:PORT",
            description = "Fetch 5 s of trace a minute from /debug/pprof/trace there; may be repeated."
                    + " unpark.yaml says how else.")
    private List<String> scrape = new ArrayList<>();

    @Option(
            names = "--spool",
            paramLabel = "DIR",
            description = "Take in the traces and race logs that are dropped into this folder, as SERVICE.trace or"
                    + " SERVICE/INSTANCE/any.trace.")
    private Path spool;

    @Option(
            names = "--race-log",
            paramLabel = "SERVICE=LOG_PATH",
            description = "Follow the files that GORACE=log_path=LOG_PATH makes; may be repeated.")
    private List<String> raceLogs = new ArrayList<>();

    /** What the file says, and these options over it. */
    CollectorConfig config(ConfigFile file) {
        List<TargetGroup> targets = each(
                "--scrape",
                scrape,
                (service, address) -> new TargetGroup(List.of(address), Map.of("service", service)));
        List<RaceLogSource> logs = each(
                "--race-log",
                raceLogs,
                (service, path) -> RaceLogSource.ofLogPath(
                        Path.of(path).toAbsolutePath(), new Instance("", service, service, "")));
        try {
            return file.collector().with(targets, Optional.ofNullable(spool).map(SpoolConfig::of), logs);
        } catch (CollectorConfigException e) {
            throw UserError.usage("--scrape " + e.getMessage());
        }
    }

    private static <T> List<T> each(String option, List<String> values, BiFunction<String, String, T> reader) {
        List<T> read = new ArrayList<>();
        for (String value : values) {
            int equals = value.indexOf('=');
            if (equals < 1 || equals == value.length() - 1) {
                throw UserError.usage(option + " takes SERVICE=…, such as "
                        + (option.equals("--scrape") ? "orders=localhost:6060" : "orders=/var/log/races/orders"));
            }
            read.add(reader.apply(value.substring(0, equals), value.substring(equals + 1)));
        }
        return read;
    }
}
