package io.unpark.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.unpark.analysis.model.Advice;
import io.unpark.analysis.model.Confidence;
import io.unpark.analysis.model.Evidence;
import io.unpark.analysis.model.Finding;
import io.unpark.analysis.model.Histogram;
import io.unpark.analysis.model.Ids;
import io.unpark.analysis.model.Instance;
import io.unpark.analysis.model.Kind;
import io.unpark.analysis.model.Place;
import io.unpark.analysis.model.Severity;
import io.unpark.schemas.Topic;
import io.unpark.schemas.TopicLayout;
import io.unpark.schemas.Topics;
import io.unpark.schemas.record.RuntimeWindow;
import io.unpark.schemas.registry.RegistryConfig;
import io.unpark.schemas.registry.TopicSerdes;
import io.unpark.sink.Sink;
import io.unpark.sink.SinkConfig;
import io.unpark.sink.store.AnomalyState;
import io.unpark.sink.store.StorageConfig;
import io.unpark.sink.store.StoredAnomaly;
import io.unpark.streams.FindingMapper;
import io.unpark.streams.StreamsApp;
import io.unpark.streams.StreamsOptions;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From its first finding to its last: the fold and the sink on a broker. */
class AnomalyLifeTest {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final long SECOND_NS = TimeUnit.SECONDS.toNanos(1);
    private static final Instance INSTANCE = new Instance("shop", "orders", "orders-1", "v1");

    @TempDir
    Path folder;

    private final long startNs = TimeUnit.MILLISECONDS.toNanos(Clock.systemUTC().millis()) - 3_600 * SECOND_NS;
    private Broker broker;
    private TopicLayout layout;
    private TopicSerdes serdes;
    private StreamsApp app;
    private Sink sink;

    @BeforeEach
    void start() throws IOException {
        broker = new Broker(folder.resolve("broker"));
        layout = broker.topics("life-");
        serdes = broker.serdes();
        app = new StreamsApp(
                StreamsOptions.of(broker.client(), folder.resolve("streams")).withLayout(layout), serdes);
        app.start();
        SinkConfig config = SinkConfig.of(
                        broker.client(), RegistryConfig.of(broker.registry()), StorageConfig.inMemory("life"))
                .withTopics(layout);
        sink = new Sink(config, Clock.systemUTC(), new PrometheusMeterRegistry(PrometheusConfig.DEFAULT), List::of);
        sink.start();
    }

    @AfterEach
    void stop() {
        sink.close();
        app.close();
        broker.close();
    }

    private <V> void send(Topic<String, V> topic, String key, V value) {
        String name = layout.name(topic);
        byte[] bytes = serdes.value(topic).serializer().serialize(name, value);
        broker.send(List.of(new ProducerRecord<>(name, key.getBytes(StandardCharsets.UTF_8), bytes)));
    }

    private void send(Finding finding) {
        send(Topics.FINDINGS, finding.anomalyId(), FindingMapper.toAvro(finding));
    }

    /** A request that was seen so many seconds after the start. */
    private Finding request(String id, long seenS) {
        Place place = new Place("main.handle", "/src/main.go", 42, "", "GET /a");
        String anomaly = Ids.anomaly(Kind.BLOCKED_TOO_LONG, INSTANCE, place.site(), "", "");
        long seenNs = startNs + seenS * SECOND_NS;
        return new Finding(
                Ids.finding(Kind.BLOCKED_TOO_LONG, id, anomaly),
                anomaly,
                Kind.BLOCKED_TOO_LONG,
                id,
                1,
                false,
                INSTANCE,
                "",
                place,
                Severity.WARNING,
                Confidence.CERTAIN,
                1,
                seenNs,
                seenNs,
                seenS * SECOND_NS,
                "a request waited",
                Evidence.builder().put("request", id).build(),
                List.of(),
                new Advice("fix it", "the slice", "detectors/blocked_too_long.md"),
                List.of(),
                "cfg");
    }

    /** The service is watched until so many seconds after the start. */
    private void watchedUntil(long seconds) {
        send(
                Topics.RUNTIME_WINDOWS,
                "shop/orders/orders-1",
                RuntimeWindow.newBuilder()
                        .setInstance(new io.unpark.schemas.record.Instance("shop", "orders", "orders-1", "v1"))
                        .setCapture("c")
                        .setGeneration(seconds)
                        .setStartNs(startNs + (seconds - 1) * SECOND_NS)
                        .setEndNs(startNs + seconds * SECOND_NS)
                        .setGoroutines(1)
                        .setSchedLatency(Collections.nCopies(Histogram.BUCKETS, 0L))
                        .setGcWorkerNs(0)
                        .setGcAssistNs(0)
                        .setGcCycles(0)
                        .setStopTheWorldNs(0)
                        .setStopTheWorldMaxNs(0)
                        .setProcs(1)
                        .setBusyNs(0)
                        .build());
    }

    private Optional<StoredAnomaly> stored() {
        return sink.anomalies().find(request("any", 0).anomalyId(), sink.stateRule());
    }

    private JsonNode awaitStored(AnomalyState state, long count) {
        await().atMost(LIMIT)
                .until(() -> stored().filter(it -> it.state() == state
                                && Documents.parse(it.document()).path("count").asLong() == count)
                        .isPresent());
        return Documents.parse(stored().orElseThrow().document());
    }

    @Test
    void anAnomalyOpensGrowsRestsComesBackAndGoesWithItsLastFinding() {
        // Opened by one finding, and updated by the next
        send(request("r1", 1));
        awaitStored(AnomalyState.OPEN, 1);
        send(request("r2", 9));
        JsonNode worst = awaitStored(AnomalyState.OPEN, 2);
        assertThat(worst.at("/evidence/request").asText()).isEqualTo("r2");

        // Resolved: its service was watched for longer than it takes, and it was not seen
        watchedUntil(9 + 601);
        awaitStored(AnomalyState.RESOLVED, 2);

        // Opened again: the total goes on
        send(request("r3", 1_000));
        JsonNode again = awaitStored(AnomalyState.OPEN, 3);
        assertThat(again.path("first_seen").asText())
                .isEqualTo(worst.path("first_seen").asText());

        // A finding that is withdrawn takes its part with it, the worst example too
        send(request("r3", 1_000).withdrawnAt(2));
        JsonNode less = awaitStored(AnomalyState.RESOLVED, 2);
        assertThat(less.at("/evidence/request").asText()).isEqualTo("r2");

        // The last one that is withdrawn takes the anomaly with it
        send(request("r1", 1).withdrawnAt(2));
        send(request("r2", 9).withdrawnAt(2));
        await().atMost(LIMIT).until(() -> stored().isEmpty());

        // And a new finding opens it anew
        send(request("r4", 2_000));
        awaitStored(AnomalyState.OPEN, 1);
    }
}
