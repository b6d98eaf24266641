package io.unpark.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.unpark.analysis.config.AnalysisConfig;
import io.unpark.app.allinone.AllInOne;
import io.unpark.app.allinone.PortChoice;
import io.unpark.app.process.DataFolder;
import io.unpark.ingest.capture.AskLimits;
import io.unpark.schemas.Topics;
import io.unpark.schemas.record.Advice;
import io.unpark.schemas.record.Anomaly;
import io.unpark.schemas.record.Confidence;
import io.unpark.schemas.record.Instance;
import io.unpark.schemas.record.Place;
import io.unpark.schemas.record.Severity;
import io.unpark.schemas.registry.RegistryConfig;
import io.unpark.schemas.registry.TopicSerdes;
import io.unpark.testkit.GoTool;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Traces on demand: the verb, the all-in-one process, and a Go service with the agent in it. */
class CaptureVerbTest {
    private static final Duration LIMIT = Duration.ofMinutes(2);

    @TempDir
    private static Path folder;

    private static AllInOne all;

    @BeforeAll
    static void start() {
        all = AllInOne.start(
                DataFolder.kept(folder.resolve("data")),
                PortChoice.web(0),
                AnalysisConfig.DEFAULTS,
                Clock.systemUTC(),
                stage -> {});
    }

    @AfterAll
    static void stop() {
        all.close();
    }

    private static Cli capture(String... more) {
        Object[] words = new Object[more.length + 3];
        words[0] = "capture";
        words[1] = "--collector";
        words[2] = all.url();
        System.arraycopy(more, 0, words, 3, more.length);
        return Cli.run(words);
    }

    /** The demo's service {@code orders}, whose agent ships when it is asked; ends with this test's process at the latest. */
    private static Process service(String instance) throws IOException {
        Optional<GoTool> go = GoTool.find();
        if (go.isEmpty()) {
            System.out.println("SKIPPED: captures of a running service: " + GoTool.ABSENT);
        }
        assumeTrue(go.isPresent(), GoTool.ABSENT);
        Path program = folder.resolve("orders");
        GoTool.Result build = go.orElseThrow()
                .run(
                        ProjectRoot.folder().resolve("infra/demo"),
                        Duration.ofMinutes(4),
                        "build",
                        "-o",
                        program.toString(),
                        "./cmd/orders");
        assertThat(build.exit()).as(build.stderr()).isZero();
        return new ProcessBuilder(
                        program.toString(),
                        "-instance",
                        instance,
                        "-collector",
                        all.url(),
                        "-triggered",
                        "-until-eof",
                        "-max-life",
                        "3m")
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve(instance + ".txt").toFile())
                .start();
    }

    private static JsonNode status() throws Exception {
        HttpRequest request =
                HttpRequest.newBuilder(URI.create(all.url() + "/api/v1/status")).build();
        String body = HttpClient.newHttpClient()
                .send(request, BodyHandlers.ofString())
                .body();
        return Documents.parse(body);
    }

    private static void awaitAgents(int count) {
        await().atMost(LIMIT).until(() -> status().at("/captures/agents").asInt() == count);
    }

    @Test
    void aRunningServiceShipsATraceWhenItIsAskedOrAnAnomalyAsks() throws Exception {
        // Given a service that ships nothing of its own accord, twice
        Process seven = service("orders-7");
        Process eight = service("orders-8");
        try {
            awaitAgents(2);

            // When its trace is asked for
            Cli run = capture("--service", "orders", "--instance", "orders-7", "--seconds", "1", "--wait");

            // Then it is there, and the command tells how it went and where to look
            assertThat(run.exitCode()).as(run.err()).isZero();
            assertThat(run.err()).contains("1 agent is asked").contains("orders-7");
            assertThat(run.outLines().get(0)).matches("orders-7  arrived  \\d+ generations?  .*  trace [0-9a-f]{32}");
            assertThat(run.out()).contains(all.url() + "/api/v1/anomalies?service=orders");
            JsonNode captures = status().path("captures");
            assertThat(captures.path("asked").asInt()).isEqualTo(1);
            assertThat(captures.path("generations").asInt()).isPositive();

            // And a second one of the same process has to wait
            Cli again = capture("--service", "orders", "--instance", "orders-7");
            assertThat(again.exitCode()).isEqualTo(1);
            assertThat(again.err())
                    .contains("the last capture was a moment ago")
                    .hasLineCount(1);

            // When an anomaly of the other one may ask
            all.captureOnAnomalies(AskLimits.DEFAULT);
            await().atMost(LIMIT).pollInterval(Duration.ofSeconds(1)).until(() -> {
                send(anomaly("test-" + System.nanoTime()));
                return status().at("/captures/asked_by_anomalies").asInt() == 1;
            });

            // Then that one ships too
            long before = captures.path("generations").asLong();
            await().atMost(LIMIT)
                    .until(() -> status().at("/captures/generations").asLong() > before);
        } finally {
            for (Process service : new Process[] {seven, eight}) {
                service.getOutputStream().close();
                assertThat(service.waitFor()).isZero();
            }
        }
    }

    private static Anomaly anomaly(String id) {
        Instant now = Instant.now();
        long nowNs = now.getEpochSecond() * 1_000_000_000L + now.getNano();
        return Anomaly.newBuilder()
                .setId(id)
                .setKind("slow_request")
                .setInstance(new Instance("", "orders", "orders-8", ""))
                .setPlace(new Place("main.f", "main.go", 1, "", "GET /"))
                .setSeverity(Severity.WARNING)
                .setConfidence(Confidence.LIKELY)
                .setCount(1)
                .setFirstSeenNs(nowNs)
                .setLastSeenNs(nowNs)
                .setSummary("made by a test")
                .setAdvice(new Advice("f", "n", "d"))
                .setWorstFindingId("w")
                .build();
    }

    private static void send(Anomaly anomaly) {
        TopicSerdes serdes = TopicSerdes.of(RegistryConfig.of(all.registryUrl()));
        String topic = Topics.ANOMALIES.name();
        byte[] value = serdes.value(Topics.ANOMALIES).serializer().serialize(topic, anomaly);
        try (var producer = new KafkaProducer<>(
                Map.<String, Object>of("bootstrap.servers", all.bootstrap()),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            byte[] key = anomaly.getId().getBytes(StandardCharsets.UTF_8);
            assertThat(producer.send(new ProducerRecord<>(topic, key, value))).succeedsWithin(LIMIT);
        }
    }

    @Test
    void nobodyToAskNoCollectorAndWrongWordsAreToldInALine() {
        Cli nobody = capture("--service", "nowhere", "--wait");
        assertThat(nobody.exitCode()).isEqualTo(1);
        assertThat(nobody.err()).contains("no agent of nowhere").contains("Mode: unpark.Triggered");

        Cli away = Cli.run("capture", "--collector", "http://127.0.0.1:1", "--service", "orders");
        assertThat(away.exitCode()).isEqualTo(1);
        assertThat(away.err()).contains("no answer from the collector at http://127.0.0.1:1");

        Cli noCollector = Cli.run("capture", "--collector", all.registryUrl(), "--service", "orders");
        assertThat(noCollector.exitCode()).isEqualTo(1);
        assertThat(noCollector.err()).contains("is no collector that takes this");

        assertThat(capture("--service", "orders", "--seconds", "61").exitCode()).isEqualTo(2);
        assertThat(capture("--service", "orders", "--seconds", "61").err()).contains("from 0 to 60");
        assertThat(capture().exitCode()).isEqualTo(2);
        assertThat(Cli.run("capture", "--collector", "nonsense", "--service", "a")
                        .exitCode())
                .isEqualTo(2);
        for (Cli run : new Cli[] {nobody, away, noCollector}) {
            assertThat(run.err()).hasLineCount(1);
        }
    }
}
