package io.unpark.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.unpark.schemas.TopicLayout;
import io.unpark.schemas.Topics;
import io.unpark.schemas.registry.RegistryConfig;
import io.unpark.sink.notify.FakeReceiver;
import io.unpark.sink.notify.NotifyConfig;
import io.unpark.sink.store.StorageConfig;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From the topics of a real broker to a receiver. */
class NotifiedSinkTest {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    @TempDir
    private Path folder;

    @Test
    void aReceiverHearsOfTheBeginningAndTheEndOnce() throws Exception {
        try (Cluster cluster = new Cluster(folder.resolve("kafka"));
                FakeReceiver receiver = new FakeReceiver()) {
            TopicLayout layout = cluster.createTopics("");

            // When an anomaly is found, and its service is watched for long enough beyond it, while sinks come and go
            try (Sink sink = sink(cluster, receiver)) {
                anomaly(cluster, layout);
                await().atMost(LIMIT).until(() -> changes(receiver), List.of("opened a")::equals);
                assertThat(sink.awaitProcessed(sink.endOffsets(), LIMIT)).isTrue();
            }
            cluster.send(
                    layout,
                    Topics.RUNTIME_WINDOWS,
                    "orders",
                    Samples.runtimeWindow("orders", 30 + 601).build());
            try (Sink sink = sink(cluster, receiver)) {
                await().atMost(LIMIT).until(() -> changes(receiver).size() == 2);

                // Then it is told once
                assertThat(changes(receiver)).containsExactly("opened a", "resolved a");
                assertThat(sink.status().error()).isEmpty();
            }
        }
    }

    private static void anomaly(Cluster cluster, TopicLayout layout) {
        for (int count = 1; count < 4; count++) {
            cluster.send(
                    layout,
                    Topics.ANOMALIES,
                    "a",
                    Samples.anomaly("a", "orders", "goroutine_leak")
                            .setCount(count)
                            .build());
        }
    }

    private static List<String> changes(FakeReceiver receiver) {
        return receiver.taken().stream().flatMap(it -> it.changes().stream()).toList();
    }

    private Sink sink(Cluster cluster, FakeReceiver receiver) throws Exception {
        NotifyConfig notifications =
                NotifyConfig.read(new ObjectMapper().readTree("""
                        {"group_wait": "0s", "receivers":
                            [{"name": "ops", "type": "webhook", "url": "%s", "unsigned": true}]}""".formatted(receiver.url())), folder, Map.of());
        SinkConfig config = SinkConfig.of(
                        Map.of("bootstrap.servers", cluster.bootstrap()),
                        RegistryConfig.of(cluster.registryUrl()),
                        StorageConfig.embedded(folder.resolve("database")))
                .withNotifications(notifications);
        Sink sink =
                new Sink(config, Clock.systemUTC(), new PrometheusMeterRegistry(PrometheusConfig.DEFAULT), List::of);
        sink.start();
        return sink;
    }
}
