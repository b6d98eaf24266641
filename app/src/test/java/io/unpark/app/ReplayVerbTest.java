package io.unpark.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.unpark.app.demo.Recordings;
import io.unpark.app.demo.Recordings.Recording;
import io.unpark.ingest.ChunkProducer;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.GroupListing;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The verb on a cluster in another process, which is somebody's production. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ReplayVerbTest {
    private static final Duration LIMIT = Duration.ofMinutes(2);
    /** The recordings are older than their acceptance by as long as this project lives. */
    private static final String ANY_MARGIN = "P100000D";

    private Path folder;
    private Recordings recordings;
    private RealCluster cluster;
    private Map<String, String> expected;

    @BeforeAll
    void start(@TempDir Path shared) throws Exception {
        folder = shared;
        recordings = Feed.demo("leak", "race");
        expected = Documents.comparable(DemoManifest.analyzed(recordings));
        cluster = RealCluster.start(folder, 3);
        try (ChunkProducer producer = cluster.producer()) {
            for (Feed.Step step : Feed.steps(recordings, producer)) {
                step.send();
            }
        }
    }

    @AfterAll
    void stop() {
        cluster.close();
    }

    private Cli replay(Object... more) {
        Stream<Object> options = Stream.of(
                "replay", "--bootstrap", cluster.bootstrap(), "--registry", cluster.registry(), "--partitions", "2");
        return Cli.run(Stream.concat(options, Arrays.stream(more)).toArray());
    }

    private static Map<String, String> comparable(Cli run) {
        return Documents.comparable(Documents.byId(run.outLines()));
    }

    @Test
    void theTopicsPastGivesWhatAnalyzeGivesAndProductionIsNotTouched() throws Exception {
        // Given
        TreeSet<String> topics = topics();
        String subjects = subjects();

        // When
        Cli run = replay("--topic", "go-trace-chunks", "--topic", "go-race-reports", "--all", "--format", "jsonl");

        // Then
        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(comparable(run)).isEqualTo(expected);
        assertThat(topics()).isEqualTo(topics);
        assertThat(groups()).isEmpty();
        assertThat(subjects()).isEqualTo(subjects);
    }

    @Test
    void aRangeIsReadByAcceptanceAndFilteredByTheEventsTime() {
        String day = recordings.recordedAt().toString().substring(0, 10);
        String next =
                recordings.recordedAt().plus(Duration.ofDays(1)).toString().substring(0, 10);

        Cli within = replay(
                "--topic", "go-trace-chunks", "--from", day, "--to", next, "--margin", ANY_MARGIN, "--format", "jsonl");
        Cli before = replay("--topic", "go-trace-chunks", "--to", day, "--margin", ANY_MARGIN);

        assertThat(within.exitCode()).as(within.err()).isZero();
        assertThat(comparable(within))
                .isNotEmpty()
                .allSatisfy((id, text) -> assertThat(text).isEqualTo(expected.get(id)));
        assertThat(within.err()).contains("18 generations judged");
        assertThat(before.out()).isEqualToIgnoringNewLines("Nothing found.");
        assertThat(before.err()).contains("0 generations judged");
    }

    @Test
    void whatIsKeptCanBeReadAndComparedWith() throws Exception {
        Cli kept = replay("--topic", "go-trace-chunks", "--name", "june", "--keep", "--format", "jsonl");
        Cli again = replay("--topic", "go-trace-chunks", "--name", "june");
        Cli compared = replay("--topic", "go-trace-chunks", "--compare-topic", "replay-june-go-anomalies");

        assertThat(kept.exitCode()).as(kept.err()).isZero();
        assertThat(topics()).contains("replay-june-go-anomalies", "replay-june-go-findings");
        assertThat(again.exitCode()).isEqualTo(1);
        assertThat(again.err()).contains("--name");
        assertThat(compared.exitCode()).as(compared.err()).isZero();
        assertThat(compared.out()).startsWith("0 gone, 0 new, 0 changed, ");
    }

    @Test
    void whoIsAskedToEndTakesItsTopicsAway() throws Exception {
        // Given a replay that would take hours
        try (ChildProcess slow = ChildProcess.unpark(
                folder,
                "replay",
                "--bootstrap",
                cluster.bootstrap(),
                "--name",
                "slow",
                "--speed",
                "0.001",
                DemoManifest.folder().resolve("leak").toString())) {
            await().atMost(LIMIT).until(() -> slow.stderr().contains("sending 3 files"));
            assertThat(topics()).contains("replay-slow-go-anomalies");

            // When
            slow.terminate();
        }

        // Then
        assertThat(topics()).noneMatch(it -> it.startsWith("replay-slow-"));
        assertThat(groups()).isEmpty();
    }

    @Test
    void aTopicThatIsNotThereIsNamed() {
        Cli run = replay("--topic", "go-trace-chunk");

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err()).contains("no topic go-trace-chunk");
    }

    @Test
    void anArchiveGivesWhatWasAccepted(@TempDir Path archive) throws Exception {
        // Given a collector that keeps an archive
        Recordings traces = Feed.demo("leak");
        try (ChildProcess collect = cluster.role("collect", "--archive", archive.toString(), "--prefix", "")) {
            for (Recording trace : traces.scenarios().get(0).traces()) {
                push(collect, trace);
            }
            assertThat(collect.get("/metrics").body()).contains("unpark_archive_generations_total 18.0");
            collect.terminate();
        }

        // When
        Cli analyzed = Cli.run("analyze", "--all", "--format", "jsonl", archive);
        Cli replayed = Cli.run("replay", "--all", "--format", "jsonl", archive);

        // Then
        Map<String, String> pushed = Documents.comparable(DemoManifest.analyzed(traces));
        assertThat(pushed).isNotEmpty();
        assertThat(comparable(analyzed)).isEqualTo(pushed);
        assertThat(replayed.exitCode()).as(replayed.err()).isZero();
        assertThat(comparable(replayed)).isEqualTo(pushed);
    }

    private static void push(ChildProcess collect, Recording trace) throws Exception {
        String query = "?service=" + trace.service() + "&instance=" + trace.instance();
        HttpRequest request = HttpRequest.newBuilder(URI.create(collect.address() + "/ingest/v1/trace" + query))
                .POST(BodyPublishers.ofFile(trace.file()))
                .timeout(LIMIT)
                .build();
        var answer = HttpClient.newHttpClient().send(request, BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
    }

    @Test
    void otherThresholdsAreComparedInOneRunAndWhatIsBrokenIsRefused() throws Exception {
        // Given a recording, a broken file, and thresholds that let fewer goroutines count as leaked
        Path broken = Files.write(folder.resolve("broken.trace"), new byte[] {1, 2, 3});
        Path config =
                Files.writeString(folder.resolve("strict.yaml"), "thresholds: {goroutine_leak: {min_wait: 3s}}\n");
        Path leak = DemoManifest.folder().resolve("leak");

        // When: on a broker of its own
        Cli run = Cli.run("replay", "--format", "jsonl", "--compare-config", config, leak, broken);

        // Then
        assertThat(run.exitCode()).isEqualTo(3);
        assertThat(run.err()).contains("refused: " + broken);
        assertThat(run.outLines()).isNotEmpty();
        JsonNode change = Documents.parse(run.outLines().get(0));
        assertThat(change.path("change").asText()).isEqualTo("changed");
        assertThat(change.path("after").path("kind").asText()).isEqualTo("goroutine_leak");
        assertThat(change.path("before").path("count").asLong())
                .isLessThan(change.path("after").path("count").asLong());
    }

    static Stream<Arguments> mistakes() {
        return Stream.of(
                Arguments.of(List.of()),
                Arguments.of(List.of("no-such-file.trace")),
                Arguments.of(List.of("--topic", "go-trace-chunks")),
                Arguments.of(List.of("--topic", "go-trace-chunks", "--bootstrap", "localhost:1", ".")),
                Arguments.of(List.of("--speed", "fast", ".")),
                Arguments.of(List.of("--from", "yesterday", ".")),
                Arguments.of(List.of("--margin", "2h", ".")),
                Arguments.of(List.of("--keep", ".")),
                Arguments.of(List.of("--name", "a/b", ".")),
                Arguments.of(List.of("--threads", "0", ".")),
                Arguments.of(List.of("--compare", "absent.jsonl", ".")),
                Arguments.of(List.of("--compare", "a", "--compare-config", "b", ".")));
    }

    @ParameterizedTest
    @MethodSource("mistakes")
    void aMistakeIsOneLineAndExitCode2(List<String> args) {
        Object[] words = Stream.concat(Stream.of("replay"), args.stream())
                .map(word -> word.equals(".") ? DemoManifest.folder().toString() : word)
                .toArray();

        Cli run = Cli.run(words);

        assertThat(run.exitCode()).as(run.err()).isEqualTo(2);
        assertThat(run.out()).isEmpty();
        assertThat(run.errLines())
                .singleElement()
                .satisfies(line -> assertThat(line).startsWith("unpark replay: "));
    }

    private TreeSet<String> topics() throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", cluster.bootstrap()))) {
            return new TreeSet<>(admin.listTopics().names().get());
        }
    }

    private List<String> groups() throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", cluster.bootstrap()))) {
            Collection<GroupListing> groups = admin.listGroups().all().get();
            return groups.stream()
                    .map(GroupListing::groupId)
                    .filter(it -> !it.contains("june"))
                    .toList();
        }
    }

    private String subjects() throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(cluster.registry() + "/subjects"))
                .timeout(LIMIT)
                .build();
        return HttpClient.newHttpClient().send(request, BodyHandlers.ofString()).body();
    }
}
