package io.unpark.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.unpark.analysis.config.AnalysisConfig;
import io.unpark.app.analyze.FileMeter;
import io.unpark.app.analyze.Input;
import io.unpark.app.analyze.InputFinder;
import io.unpark.app.console.Progress;
import io.unpark.app.replay.AnomalyDocument;
import io.unpark.app.replay.FilePast;
import io.unpark.app.replay.Pace;
import io.unpark.app.replay.ReplayPlace;
import io.unpark.app.replay.ReplayRun;
import io.unpark.app.replay.TimeRange;
import io.unpark.embedded.EmbeddedKafka;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A recording of some seconds gives the same table at every speed, and leaves nothing behind on the cluster. */
class ReplaySameTableTest {
    private static final long SECOND_NS = 1_000_000_000L;

    @TempDir
    private static Path folder;

    private static EmbeddedKafka kafka;
    private static Map<String, JsonNode> expected;

    @BeforeAll
    static void start() throws Exception {
        kafka = EmbeddedKafka.start(folder.resolve("broker"));
        Cli analyze = Cli.run("analyze", "--all", "--format", "jsonl", recording());
        expected = Documents.byId(analyze.outLines());
        assertThat(expected).isNotEmpty();
    }

    @AfterAll
    static void stop() {
        kafka.close();
    }

    private static Path recording() {
        return DemoManifest.folder().resolve("leak");
    }

    @ParameterizedTest
    @CsvSource({"1, 1, 1, 4", "10, 8, 4, 0", "max, 8, 1, 0", "max, 1, 4, 0"})
    void theSameTableAtEverySpeed(String speed, int partitions, int threads, int atLeastSeconds) throws Exception {
        String name = "speed-" + speed + "-" + partitions + "-" + threads;
        ReplayRun.Settings settings = new ReplayRun.Settings(
                name, List.of(AnalysisConfig.DEFAULTS), threads, false, Optional.of(folder.resolve("state")));
        long tookNs;
        Map<String, JsonNode> found;
        try (ReplayRun run = ReplayRun.on(place(partitions), settings, stage -> {})) {
            long beganNs = System.nanoTime();
            assertThat(run.send(past(TimeRange.ALL), Pace.of(speed, System::nanoTime, ReplaySameTableTest::slept)))
                    .isTrue();
            tookNs = System.nanoTime() - beganNs;
            assertThat(run.awaitProcessed(wait -> false)).isTrue();
            found = documents(run.anomalies().get(0));
            assertThat(topics()).anyMatch(it -> it.startsWith("shop-replay-" + name + "-"));
        }

        assertThat(Documents.comparable(found)).isEqualTo(Documents.comparable(expected));
        assertThat(tookNs).isGreaterThanOrEqualTo(atLeastSeconds * SECOND_NS);
        assertThat(topics()).noneMatch(it -> it.contains("replay-"));
        assertThat(groups()).isEmpty();
    }

    @Test
    void nothingIsFoundOutsideOfTheRange() throws Exception {
        ReplayRun.Settings settings =
                new ReplayRun.Settings("range", List.of(AnalysisConfig.DEFAULTS), 1, false, Optional.empty());
        try (ReplayRun run = ReplayRun.on(place(1), settings, stage -> {})) {
            run.send(past(TimeRange.of("2000-01-01", "2001-01-01")), Pace.of("max", System::nanoTime, wait -> false));
            run.awaitProcessed(wait -> false);

            assertThat(run.anomalies().get(0)).isEmpty();
            assertThat(run.generations()).isZero();
        }
    }

    /** Real waiting, since real time is what is tested. */
    private static boolean slept(Duration atMost) throws InterruptedException {
        TimeUnit.NANOSECONDS.sleep(atMost.toNanos());
        return false;
    }

    private static ReplayPlace place(int partitions) {
        return new ReplayPlace(
                // As in the all-in-one mode: less to retry, and to log, on a busy machine.
                Map.of("bootstrap.servers", kafka.bootstrap(), "producer.max.in.flight.requests.per.connection", 1),
                Optional.empty(),
                ReplayPlace.unregistered(),
                "shop-",
                OptionalInt.of(partitions),
                false);
    }

    private static FilePast past(TimeRange range) {
        Progress quiet = new Progress(new PrintWriter(Writer.nullWriter()), false, 0, System::nanoTime);
        List<Input> inputs =
                InputFinder.find(List.of(recording()), List.of(), Map.of()).inputs();
        return new FilePast(inputs, new FileMeter(quiet), range);
    }

    private static Map<String, JsonNode> documents(Map<String, AnomalyDocument> found) {
        Map<String, JsonNode> documents = new TreeMap<>();
        found.forEach((id, document) -> documents.put(id, document.json()));
        return documents;
    }

    private static List<String> topics() throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrap()))) {
            return List.copyOf(admin.listTopics().names().get());
        }
    }

    private static List<String> groups() throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrap()))) {
            return admin.listGroups().all().get().stream()
                    .map(it -> it.groupId())
                    .toList();
        }
    }
}
