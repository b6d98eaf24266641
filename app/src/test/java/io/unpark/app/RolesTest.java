package io.unpark.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.unpark.app.demo.Recordings;
import io.unpark.app.demo.Recordings.Recording;
import io.unpark.app.demo.Recordings.Scenario;
import io.unpark.ingest.ChunkProducer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Each role in a process of its own, against a cluster in another one. */
class RolesTest {
    private static final Duration LIMIT = Duration.ofMinutes(2);
    /** Shorter than the session that the group would otherwise wait for. */
    private static final Duration LEFT_WITHIN = Duration.ofSeconds(4);
    /** How Java ends on SIGTERM. */
    private static final int TERMINATED = 128 + 15;

    @TempDir
    private Path folder;

    @RegisterExtension
    private final Opened open = new Opened();

    @Test
    void streamProcessesThatJoinAndLeaveGiveWhatAnalyzeGives() throws Exception {
        // Given a replay in thirds
        Recordings recordings = Feed.demo("leak", "mutex", "noheader", "workafter", "race");
        RealCluster cluster = open.add(RealCluster.start(folder, 4));
        ChunkProducer producer = open.add(cluster.producer());
        List<Feed.Step> steps = Feed.steps(recordings, producer);
        int third = steps.size() / 3;

        // When a second process joins after the first third, and the first one leaves after the second
        ChildProcess first = open.add(cluster.stream("first"));
        await().atMost(LIMIT).until(first::isReady);
        send(steps.subList(0, third));
        ChildProcess second = open.add(cluster.stream("second"));
        send(steps.subList(third, 2 * third));
        await().atMost(LIMIT).until(() -> second.isReady() && cluster.members("unpark") == 4);
        int exitCode = first.terminate();
        send(steps.subList(2 * third, steps.size()));
        await().atMost(LEFT_WITHIN).until(() -> cluster.members("unpark") == 2);
        cluster.awaitProcessed(LIMIT);

        // Then the one that left said goodbye, and nothing tells that there were two
        assertThat(exitCode).isEqualTo(TERMINATED);
        assertThat(Documents.comparable(cluster.anomalies(LIMIT)))
                .isNotEmpty()
                .isEqualTo(Documents.comparable(DemoManifest.analyzed(recordings)));
    }

    private static void send(List<Feed.Step> steps) throws IOException {
        for (Feed.Step step : steps) {
            step.send();
        }
    }

    @Test
    void aPushGoesFromTheCollectorToTheSinksApi() throws Exception {
        // Given one process for each role
        RealCluster cluster = open.add(RealCluster.start(folder, 2));
        ChildProcess collect = open.add(cluster.role("collect"));
        ChildProcess stream = open.add(cluster.stream("state"));
        ChildProcess sink =
                open.add(cluster.role("sink", "--data", folder.resolve("data").toString()));
        for (ChildProcess role : List.of(collect, stream, sink)) {
            await().atMost(LIMIT).until(role::isReady);
            assertThat(role.status("/healthz")).isEqualTo(200);
            assertThat(role.status("/metrics")).isEqualTo(200);
        }

        // When traces are pushed
        Recordings recordings = Feed.demo("leak");
        for (Scenario scenario : recordings.scenarios()) {
            for (Recording trace : scenario.traces()) {
                push(collect, trace);
            }
        }
        cluster.awaitProcessed(LIMIT);

        // Then the API has what analyze finds, and every role ends when it is asked to, out of its group
        Map<String, String> expected = Documents.comparable(DemoManifest.analyzed(recordings));
        await().atMost(LIMIT).until(() -> Documents.comparable(anomalies(sink)), expected::equals);
        assertThat(stream.get("/metrics").body()).contains("unpark_stream_generations_total");
        assertThat(collect.get("/metrics").body()).contains("unpark_ingest_generations_total");
        JsonNode streamStatus = Documents.parse(stream.get("/api/v1/status").body());
        assertThat(streamStatus.at("/topologies/generations").asLong()).isPositive();
        assertThat(streamStatus.at("/topologies/let_go").has("requests")).isTrue();
        assertThat(streamStatus.path("detector_faults").isArray()).isTrue();
        assertThat(streamStatus.path("lag").size()).as("topics that are read").isEqualTo(5);
        assertThat(Documents.parse(collect.get("/api/v1/status").body())
                        .path("generations")
                        .asLong())
                .isPositive();
        for (ChildProcess role : List.of(collect, stream, sink)) {
            assertThat(role.terminate()).isEqualTo(TERMINATED);
        }
        await().atMost(LEFT_WITHIN).until(() -> cluster.members("unpark") + cluster.members("unpark-sink") == 0);
    }

    private static Map<String, JsonNode> anomalies(ChildProcess sink) throws IOException {
        List<String> documents = new ArrayList<>();
        Documents.parse(sink.get("/api/v1/anomalies?all=true&limit=500").body())
                .path("items")
                .forEach(item -> documents.add(item.toString()));
        return Documents.byId(documents);
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
    void aMissingTopicIsNamedWithTheCommandThatMakesIt() throws Exception {
        RealCluster cluster = open.add(RealCluster.withoutTopics(folder));

        for (List<Object> verb : List.<List<Object>>of(
                List.of("stream", "--state", folder.resolve("state")),
                List.of("collect"),
                List.of("sink", "--data", folder.resolve("data")))) {
            List<Object> words = new ArrayList<>(verb);
            words.addAll(List.of(
                    "--bootstrap",
                    cluster.bootstrap(),
                    "--registry",
                    cluster.registry(),
                    "--port",
                    "0",
                    "--prefix",
                    "team-"));

            Cli run = Cli.run(words.toArray());

            assertThat(run.exitCode()).as(run.err()).isEqualTo(1);
            assertThat(run.err())
                    .contains("unpark topics create --bootstrap " + cluster.bootstrap() + " --prefix team-");
        }
    }

    @Test
    void aRoleWithoutItsClusterOrWithAWrongOptionSaysSo() {
        assertThat(Cli.run("stream", "--bootstrap", "127.0.0.1:1").exitCode()).isEqualTo(2);
        assertThat(Cli.run("sink", "--bootstrap", "127.0.0.1:1", "--registry", "nonsense")
                        .err())
                .contains("http");
        assertThat(Cli.run("collect", "--bootstrap", "no address", "--registry", "http://127.0.0.1:1", "--port", "0")
                        .err())
                .contains("--bootstrap");
    }
}
