package io.unpark.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.javalin.Javalin;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.unpark.schemas.TopicLayout;
import io.unpark.schemas.Topics;
import io.unpark.schemas.record.ChunkRef;
import io.unpark.schemas.registry.RegistryConfig;
import io.unpark.sink.store.StorageConfig;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From the topics of a real broker to answers over HTTP. */
class SinkEndToEndTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final AtomicInteger RUNS = new AtomicInteger();

    @TempDir
    static Path clusterFolder;

    private static Cluster cluster;

    @TempDir
    Path folder;

    private final HttpClient http = HttpClient.newHttpClient();
    private TopicLayout layout;
    private Sink sink;
    private Javalin server;

    @BeforeAll
    static void startCluster() throws Exception {
        cluster = new Cluster(clusterFolder);
    }

    @AfterAll
    static void stopCluster() {
        cluster.close();
    }

    @BeforeEach
    void start() {
        layout = cluster.createTopics("run" + RUNS.incrementAndGet() + "-");
        open();
    }

    @AfterEach
    void close() {
        server.stop();
        sink.close();
    }

    private void open() {
        SinkConfig byDefault = SinkConfig.of(
                Map.of("bootstrap.servers", cluster.bootstrap()),
                RegistryConfig.of(cluster.registryUrl()),
                StorageConfig.embedded(folder));
        SinkConfig config = new SinkConfig(
                byDefault.kafka(),
                byDefault.registry(),
                layout,
                byDefault.storage(),
                layout.prefix() + "sink",
                byDefault.quiet(),
                byDefault.anomalyRetention(),
                byDefault.windowRetention());
        sink = new Sink(config, Clock.systemUTC(), new PrometheusMeterRegistry(PrometheusConfig.DEFAULT), List::of);
        sink.start();
        server = Javalin.create(javalin -> {
                    javalin.startup.showJavalinBanner = false;
                    sink.register(javalin);
                    sink.registerOperations(javalin, Map.of());
                })
                .start("127.0.0.1", 0);
    }

    @Test
    void whatIsProducedAppearsAndSurvivesARestart() throws Exception {
        cluster.send(
                layout,
                Topics.ANOMALIES,
                "a1",
                Samples.anomaly("a1", "orders", "goroutine_leak").build());
        cluster.send(
                layout,
                Topics.ANOMALIES,
                "a2",
                Samples.anomaly("a2", "orders", "data_race").build());
        cluster.send(
                layout,
                Topics.RUNTIME_WINDOWS,
                "o",
                Samples.runtimeWindow("orders", 1).build());
        cluster.send(
                layout,
                Topics.ROUTE_WINDOWS,
                "o",
                Samples.routeWindow("orders", 1, "GET /api").build());
        cluster.send(layout, Topics.REQUESTS, "r/1", Samples.request("r1"));
        cluster.send(layout, Topics.PROFILES, "o", ProfileSamples.second("orders", "v1", 1, 300));
        cluster.send(layout, Topics.PROFILES, "o", ProfileSamples.second("orders", "v1", 1, 300));
        awaitAll();
        assertThat(items()).containsExactlyInAnyOrder("a1", "a2");

        close();
        cluster.send(layout, Topics.ANOMALIES, "a2", null);
        cluster.send(
                layout,
                Topics.ANOMALIES,
                "a3",
                Samples.anomaly("a3", "orders", "gc_pressure").build());
        open();
        awaitAll();

        assertThat(items()).containsExactlyInAnyOrder("a1", "a3");
        assertThat(sink.status().read()).containsExactly(Map.entry(layout.name(Topics.ANOMALIES), 2L));
        assertThat(get("/api/v1/services").at("/items/0/goroutines").asInt()).isEqualTo(101);
        JsonNode windows = get("/api/v1/services/orders/windows");
        assertThat(windows.at("/items/0/sched_latency/p99_ns").asLong()).isEqualTo(1 << 15);
        assertThat(windows.at("/routes/0/route").asText()).isEqualTo("GET /api");
        assertThat(get("/api/v1/services/orders/flame").get("total_ns").asLong())
                .isEqualTo(1_265_000_000L);
        assertThat(get("/api/v1/requests/r1").get("request_id").asText()).isEqualTo("r1");
        assertThat(get("/readyz").get("status").asText()).isEqualTo("ready");
    }

    @Test
    void aBadRecordCostsItselfOnly() throws Exception {
        String topic = layout.name(Topics.ANOMALIES);
        cluster.sendBytes(topic, "x", new byte[] {1, 2, 3});
        cluster.sendBytes(topic, "x", new byte[] {0, 0, 0, 0x7f, 0, 1});
        cluster.send(
                layout,
                Topics.ANOMALIES,
                "other",
                Samples.anomaly("a1", "o", "goroutine_leak").build());
        cluster.send(
                layout,
                Topics.ANOMALIES,
                "a2",
                Samples.anomaly("a2", "o", "goroutine_leak").build());
        awaitAll();

        assertThat(items()).containsExactly("a2");
        JsonNode status = get("/api/v1/status");
        assertThat(status.at("/topics/0/bad").asInt()).isEqualTo(3);
        assertThat(status.get("bad_records")).hasSize(3);
    }

    @Test
    void whatATransactionTookBackIsNeverSeen() throws Exception {
        String topic = layout.name(Topics.ANOMALIES);
        byte[] bytes = {0};
        try (KafkaProducer<String, byte[]> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", cluster.bootstrap(), "transactional.id", topic),
                new StringSerializer(),
                new ByteArraySerializer())) {
            producer.initTransactions();
            producer.beginTransaction();
            producer.send(new ProducerRecord<>(topic, "x", bytes));
            producer.flush();
            producer.abortTransaction();
        }
        cluster.send(
                layout,
                Topics.ANOMALIES,
                "x",
                Samples.anomaly("x", "o", "goroutine_leak").build());
        awaitAll();

        assertThat(items()).containsExactly("x");
        assertThat(sink.status().bad()).isEmpty();
    }

    @Test
    void aTopicThatIsCreatedAnewStartsOver() throws Exception {
        cluster.send(
                layout,
                Topics.ANOMALIES,
                "a1",
                Samples.anomaly("a1", "o", "goroutine_leak").build());
        awaitAll();
        close();
        try (Admin admin = cluster.admin()) {
            admin.deleteTopics(List.of(layout.name(Topics.ANOMALIES))).all().get();
            await().atMost(LONG).until(() -> !admin.listTopics().names().get().contains(layout.name(Topics.ANOMALIES)));
        }
        cluster.createTopics(layout.prefix());
        cluster.send(
                layout,
                Topics.ANOMALIES,
                "a1",
                Samples.anomaly("a1", "later", "goroutine_leak").build());

        open();
        awaitAll();

        assertThat(get("/api/v1/anomalies/a1").get("service").asText()).isEqualTo("later");
    }

    @Test
    void slicesOutliveKafka() throws Exception {
        String key = "one-partition";
        RecordMetadata earlier = chunk(key, 3, 0, 1, 100, 3);
        RecordMetadata first = chunk(key, 5, 0, 2, 200, 5);
        chunk(key, 99, 0, 1, 10, 9);
        RecordMetadata second = chunk(key, 5, 1, 2, 300, 6);
        RecordMetadata next = chunk(key, 6, 0, 1, 400, 7);
        var anomaly = Samples.anomaly("a1", "orders", "goroutine_leak")
                .setSlices(List.of(ref(earlier, 3), ref(second, 5), ref(next, 6)));
        cluster.send(layout, Topics.ANOMALIES, "a1", anomaly.build());

        await().atMost(LONG).until(() -> sink.caughtUp());

        HttpResponse<byte[]> trace = bytes("/api/v1/anomalies/a1/trace");
        assertThat(trace.statusCode()).isEqualTo(200);
        assertThat(trace.headers().firstValue("Unpark-Generations")).hasValue("5-6");
        ByteBuffer expected = ByteBuffer.allocate(16 + 200 + 300 + 400);
        expected.put("go 1.26 trace\0\0\0".getBytes(StandardCharsets.US_ASCII));
        fill(expected, 200, 5);
        fill(expected, 300, 6);
        fill(expected, 400, 7);
        assertThat(trace.body()).isEqualTo(expected.array());
        assertThat(first.offset()).isLessThan(second.offset());
    }

    @Test
    void aSliceThatCannotBeHadSaysWhyAndNothingWaitsForIt() throws Exception {
        RecordMetadata large = chunk("k", 1, 0, 2, 4 << 20, 1);
        chunk("k", 1, 1, 2, (4 << 20) + 1, 1);
        RecordMetadata half = chunk("k", 7, 0, 2, 10, 1);
        send("gone", ref(new RecordMetadata(new TopicPartition(large.topic(), 0), 900, 0, 0, 0, 0), 4));
        send("large", ref(large, 1));
        send("half", ref(half, 7));
        send("mistaken", ref(half, 8));
        send("none");

        await().atMost(LONG).until(() -> sink.caughtUp());

        assertThat(problem("gone", 410)).contains("no longer in Kafka");
        assertThat(problem("large", 410)).contains("larger than");
        assertThat(problem("half", 410)).contains("not whole");
        assertThat(problem("mistaken", 410)).contains("another chunk");
        assertThat(problem("none", 404)).contains("no slice");
        assertThat(items()).hasSize(5);
    }

    private void send(String id, ChunkRef... refs) {
        cluster.send(
                layout,
                Topics.ANOMALIES,
                id,
                Samples.anomaly(id, "orders", "goroutine_leak")
                        .setSlices(List.of(refs))
                        .build());
    }

    private String problem(String id, int status) throws Exception {
        HttpResponse<byte[]> response = bytes("/api/v1/anomalies/" + id + "/trace");
        assertThat(response.statusCode()).isEqualTo(status);
        return JSON.readTree(response.body()).get("detail").asText();
    }

    private RecordMetadata chunk(String key, long generation, int part, int parts, int sizeBytes, int content) {
        return cluster.send(
                layout,
                Topics.TRACE_CHUNKS,
                key,
                Samples.chunk("capture", generation, part, parts, sizeBytes, content));
    }

    private static ChunkRef ref(RecordMetadata at, long generation) {
        return Samples.ref(at.topic(), at.partition(), at.offset(), "capture", generation);
    }

    private static void fill(ByteBuffer buffer, int count, int content) {
        for (int i = 0; i < count; i++) {
            buffer.put((byte) content);
        }
    }

    private void awaitAll() throws InterruptedException {
        assertThat(sink.awaitProcessed(sink.endOffsets(), LONG)).isTrue();
    }

    private List<String> items() throws Exception {
        return get("/api/v1/anomalies").get("items").findValuesAsText("id");
    }

    private JsonNode get(String path) throws Exception {
        HttpResponse<byte[]> response = bytes(path);
        assertThat(response.statusCode()).as(path).isEqualTo(200);
        return JSON.readTree(response.body());
    }

    private HttpResponse<byte[]> bytes(String path) throws Exception {
        URI uri = URI.create("http://127.0.0.1:" + server.port() + path);
        return http.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofByteArray());
    }
}
