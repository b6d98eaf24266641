package io.unpark.app;

import io.unpark.analysis.config.AnalysisConfig;
import io.unpark.app.console.UserError;
import io.unpark.app.replay.AnomalyDocument;
import io.unpark.app.replay.ReplayPlace;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.KafkaException;
import picocli.CommandLine.Option;

/** The options that say what a replay is compared with. At most one is given. */
final class ReplayComparison {
    @Option(
            names = "--compare",
            paramLabel = "JSONL",
            description = "Print how the result differs from what analyze or replay printed with --format jsonl.")
    private Path file;

    @Option(
            names = "--compare-topic",
            paramLabel = "T",
            description = "Print how the result differs from what stands on a topic of anomalies.")
    private String topic;

    @Option(
            names = "--compare-config",
            paramLabel = "FILE",
            description = "Run with that configuration too, and print how the result differs from that run's.")
    private Path config;

    boolean isAsked() {
        return file != null || topic != null || config != null;
    }

    boolean isTopic() {
        return topic != null;
    }

    /** Of the run that this one is compared with. */
    Optional<AnalysisConfig> config() {
        return config == null
                ? Optional.empty()
                : Optional.of(ConfigFile.of(config).read(System.getenv()));
    }

    /** Reads the file now, so that whoever has the wrong one knows before the replay. */
    Optional<Map<String, AnomalyDocument>> check() {
        int given = (file == null ? 0 : 1) + (topic == null ? 0 : 1) + (config == null ? 0 : 1);
        if (given > 1) {
            throw UserError.usage("one of --compare, --compare-topic and --compare-config is enough");
        }
        return file == null ? Optional.empty() : Optional.of(AnomalyDocument.readFile(file));
    }

    /** What stands on the topic. */
    Map<String, AnomalyDocument> readTopic(ReplayPlace place) {
        try {
            return AnomalyDocument.readTopic(place, topic);
        } catch (KafkaException e) {
            throw UserError.environment("cannot read " + topic + ": " + e.getMessage());
        }
    }
}
