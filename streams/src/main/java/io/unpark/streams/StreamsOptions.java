package io.unpark.streams;

import io.unpark.analysis.config.AnalysisConfig;
import io.unpark.schemas.TopicLayout;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/**
 * How the topologies run.
 *
 * @param kafka settings of Kafka Streams and its clients by Kafka's names; {@code bootstrap.servers} must be there, the rest
 *     wins over what {@link StreamsApp} sets, save for the guarantee of exactly once
 * @param stateDir folder of the stores; a process of its own each
 * @param threads from 1; more than there are tasks is waste
 * @param commitInterval how long until a stage's output is visible to the next, and how much is done again after a crash
 */
public record StreamsOptions(
        Map<String, Object> kafka,
        Path stateDir,
        TopicLayout layout,
        AnalysisConfig analysis,
        StreamsLimits limits,
        int threads,
        Duration commitInterval) {
    /** Latency is counted in commit intervals: up to three of them for request kinds. */
    public static final Duration DEFAULT_COMMIT_INTERVAL = Duration.ofMillis(150);

    /** Beside a stream thread run those of its clients, of RocksDB and of the collector of garbage. */
    private static final int PROCESSORS_OF_A_THREAD = 2;

    public StreamsOptions {
        kafka = Map.copyOf(kafka);
        if (threads < 1) {
            throw new IllegalArgumentException("threads must be 1 or more: " + threads);
        }
        if (commitInterval.isNegative()) {
            throw new IllegalArgumentException("commit interval must not be negative: " + commitInterval);
        }
    }

    /** Everything by default. */
    public static StreamsOptions of(Map<String, Object> kafka, Path stateDir) {
        return new StreamsOptions(
                kafka,
                stateDir,
                TopicLayout.DEFAULT,
                AnalysisConfig.DEFAULTS,
                StreamsLimits.DEFAULTS,
                2,
                DEFAULT_COMMIT_INTERVAL);
    }

    public StreamsOptions withLayout(TopicLayout other) {
        return new StreamsOptions(kafka, stateDir, other, analysis, limits, threads, commitInterval);
    }

    public StreamsOptions withAnalysis(AnalysisConfig other) {
        return new StreamsOptions(kafka, stateDir, layout, other, limits, threads, commitInterval);
    }

    public StreamsOptions withLimits(StreamsLimits other) {
        return new StreamsOptions(kafka, stateDir, layout, analysis, other, threads, commitInterval);
    }

    public StreamsOptions withThreads(int other) {
        return new StreamsOptions(kafka, stateDir, layout, analysis, limits, other, commitInterval);
    }

    public StreamsOptions withCommitInterval(Duration other) {
        return new StreamsOptions(kafka, stateDir, layout, analysis, limits, threads, other);
    }

    /** Whether processors are left over for decoding on threads of their own. */
    boolean decodesAhead() {
        return Runtime.getRuntime().availableProcessors() >= PROCESSORS_OF_A_THREAD * threads;
    }

    /** Also the consumer group, and the prefix of the internal topics and of the transactional ids. */
    public String applicationId() {
        return String.valueOf(kafka.getOrDefault("application.id", layout.prefix() + "unpark"));
    }
}
