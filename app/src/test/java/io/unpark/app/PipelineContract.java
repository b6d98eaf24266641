package io.unpark.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.unpark.app.allinone.StoredAnomalies;
import io.unpark.app.demo.Recordings;
import io.unpark.app.roles.Cluster;
import io.unpark.embedded.EmbeddedRegistry;
import io.unpark.ingest.ChunkProducer;
import io.unpark.sink.Sink;
import io.unpark.sink.SinkConfig;
import io.unpark.sink.store.StorageConfig;
import io.unpark.streams.StreamsApp;
import io.unpark.streams.StreamsOptions;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the pipeline needs of a broker, whichever it is: topics, transactions, large records, internal topics, a prefix. */
abstract class PipelineContract {
    private static final Duration LIMIT = Duration.ofMinutes(3);

    @TempDir
    private Path folder;

    /** Names of this test only. */
    private final String prefix = "contract-" + UUID.randomUUID() + ".";

    abstract String bootstrap();

    private Cli topics(String action) {
        return Cli.run("topics", action, "--bootstrap", bootstrap(), "--prefix", prefix, "--partitions", "3");
    }

    @Test
    void topicsAreMadeOnceAndAsTheTableSays() {
        assertThat(topics("check").exitCode()).isEqualTo(1);

        Cli created = topics("create");

        assertThat(created.exitCode()).as(created.err()).isZero();
        assertThat(topics("create").out()).contains("there already");
        assertThat(topics("check").out()).contains("as expected");
    }

    @Test
    void recordingsOutOfOrderAndSentTwiceGiveWhatAnalyzeGives() throws Exception {
        // Given a leak and races
        assertThat(topics("create").exitCode()).isZero();
        Recordings recordings = Feed.demo("leak", "race");
        try (EmbeddedRegistry registry = EmbeddedRegistry.start(bootstrap(), 0)) {
            Cluster cluster = Cluster.of(bootstrap(), registry.url(), Map.of(), prefix);
            StreamsOptions options = StreamsOptions.of(cluster.kafka(), folder).withLayout(cluster.layout());

            // When all of it is sent twice while two threads process
            try (StreamsApp streams = new StreamsApp(options, cluster.serdes());
                    ChunkProducer producer = new ChunkProducer(cluster.kafka(), cluster.layout(), cluster.serdes())) {
                streams.start();
                List<Feed.Step> steps = Feed.steps(recordings, producer);
                for (int time = 0; time < 2; time++) {
                    for (Feed.Step step : steps) {
                        step.send();
                    }
                }
                assertThat(streams.awaitProcessed(streams.inputEnds(), LIMIT)).isTrue();
                assertThat(streams.refused()).isEmpty();
            }

            // Then readers of committed records know what analyze finds
            assertThat(Documents.comparable(stored(cluster)))
                    .isNotEmpty()
                    .isEqualTo(Documents.comparable(DemoManifest.analyzed(recordings)));
        }
    }

    private static Map<String, JsonNode> stored(Cluster cluster) throws InterruptedException {
        SinkConfig config = SinkConfig.of(
                        cluster.kafka(), cluster.registry(), StorageConfig.inMemory("contract-" + UUID.randomUUID()))
                .withTopics(cluster.layout());
        PrometheusMeterRegistry metrics = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        try (Sink sink = new Sink(config, Clock.systemUTC(), metrics, List::of)) {
            sink.start();
            assertThat(sink.awaitProcessed(sink.endOffsets(), LIMIT)).isTrue();
            return Documents.byId(StoredAnomalies.all(sink, true));
        }
    }
}
