package io.unpark.analysis.whole;

import static org.assertj.core.api.Assertions.assertThat;

import io.unpark.analysis.Analysed;
import io.unpark.analysis.InstanceFeed;
import io.unpark.analysis.Joined;
import io.unpark.analysis.Recordings;
import io.unpark.analysis.Recordings.Scenario;
import io.unpark.analysis.Recordings.Tape;
import io.unpark.analysis.config.AnalysisConfig;
import io.unpark.analysis.model.Anomaly;
import io.unpark.analysis.model.CauseStep;
import io.unpark.analysis.model.Instance;
import io.unpark.analysis.model.Kind;
import io.unpark.trace.RawGeneration;
import io.unpark.trace.TraceFormatException;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Recordings of benchmarks/chains: the chain of a slow request ends where the program was made to be slow. */
class ChainRecordingsTest {

    static List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(folder())) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".truth"))
                    .map(name -> name.substring(0, name.length() - ".truth".length()))
                    .sorted()
                    .toList();
        }
    }

    private static Path folder() {
        return Recordings.projectRoot().resolve("benchmarks/chains/recordings");
    }

    private static Analysed.Result analysed(String name) {
        return Analysed.of(new Scenario("chain-" + name, tapes(name), List.of()));
    }

    private static List<Tape> tapes(String name) {
        List<Tape> tapes = new ArrayList<>();
        for (String part : List.of("front", "callee")) {
            Path file = folder().resolve(name + "." + part + ".trace.xz");
            if (Files.exists(file)) {
                tapes.add(new Tape(new Instance("", part, part + "-1", ""), file));
            }
        }
        return tapes;
    }

    private static Properties truth(String name) {
        Properties truth = new Properties();
        try {
            truth.load(new StringReader(Files.readString(folder().resolve(name + ".truth"))));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return truth;
    }

    @ParameterizedTest
    @MethodSource("names")
    void theChainOfASlowRequestEndsAtTheTruth(String name) {
        // Given
        Properties truth = truth(name);
        // When
        Analysed.Result result = analysed(name);
        // Then
        List<Anomaly> slow = result.anomalies().stream()
                .filter(a -> a.kind() == Kind.SLOW_REQUEST)
                .filter(a -> a.instance().service().equals("front"))
                .toList();
        assertThat(slow).as("%s: %s", name, result.anomalies()).hasSize(1);
        Anomaly anomaly = slow.get(0);
        assertThat(anomaly.evidence().values())
                .as(anomaly.summary())
                .containsEntry("root_kind", truth.getProperty("kind"))
                .containsEntry("root_reason", truth.getProperty("reason"))
                .containsEntry("root_service", truth.getProperty("part"));
        String line = anomaly.evidence().values().get("root_line").toString();
        assertThat(line).startsWith(truth.getProperty("function") + " ");
        // Who runs is seen at ever other lines of its function.
        boolean waits = truth.getProperty("kind").equals("waiting");
        String file = "/" + truth.getProperty("file") + ":";
        assertThat(line).contains(file).matches(text -> !waits || text.endsWith(file + truth.getProperty("line")));
        assertThat(result.detectorErrors()).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("names")
    void theStepsOfAChainAddUpToTheRequestsTime(String name) {
        // When
        List<Anomaly> slow = analysed(name).anomalies().stream()
                .filter(a -> a.kind() == Kind.SLOW_REQUEST)
                .toList();
        // Then
        assertThat(slow).isNotEmpty().allSatisfy(anomaly -> {
            long sum = anomaly.cause().stream().mapToLong(CauseStep::durationNs).sum();
            assertThat(sum).isEqualTo(anomaly.evidence().values().get("took_ns"));
        });
    }

    @ParameterizedTest
    @MethodSource("names")
    void aRestartAfterEveryGenerationChangesNothing(String name) throws TraceFormatException {
        // Given
        Joined joined = new Joined(AnalysisConfig.DEFAULTS);
        // When
        for (Tape tape : tapes(name)) {
            InstanceFeed feed = new InstanceFeed(tape.instance(), AnalysisConfig.DEFAULTS);
            Recordings.Generations generations = tape.generations();
            for (RawGeneration generation : generations.list()) {
                feed.take("c-chain-" + name, generations.goMinor(), generation).ifPresent(joined::output);
                feed.restart();
            }
        }
        // Then
        assertThat(joined.anomalies().stream()
                        .map(a -> Joined.identity(a) + a.cause())
                        .toList())
                .isEqualTo(analysed(name).anomalies().stream()
                        .map(a -> Joined.identity(a) + a.cause())
                        .toList());
    }
}
