package io.unpark.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.unpark.app.allinone.StoredAnomalies;
import io.unpark.app.roles.Cluster;
import io.unpark.ingest.ChunkProducer;
import io.unpark.sink.Sink;
import io.unpark.sink.SinkConfig;
import io.unpark.sink.store.StorageConfig;
import io.unpark.streams.StreamsApp;
import io.unpark.streams.StreamsOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.MemberDescription;

/** A cluster in a process of its own, as the roles find theirs, and what a test asks it. */
final class RealCluster implements AutoCloseable {
    private final Path folder;
    private final int kafkaPort;
    private final int registryPort;
    private final Cluster client;
    private ChildProcess process;

    private RealCluster(Path folder, int kafkaPort, int registryPort) {
        this.folder = folder;
        this.kafkaPort = kafkaPort;
        this.registryPort = registryPort;
        this.client = Cluster.of(bootstrap(), registry(), Map.of(), "");
    }

    /** With all topics. */
    static RealCluster start(Path folder, int partitions) throws IOException {
        RealCluster cluster = withoutTopics(folder);
        Cli topics = Cli.run("topics", "create", "--bootstrap", cluster.bootstrap(), "--partitions", "" + partitions);
        assertThat(topics.exitCode()).as(topics.err()).isZero();
        return cluster;
    }

    static RealCluster withoutTopics(Path folder) throws IOException {
        RealCluster cluster = new RealCluster(folder, ClusterProcess.freePort(), ClusterProcess.freePort());
        cluster.startProcess();
        return cluster;
    }

    /** Starts the broker and the registry again, where they were. */
    void startProcess() throws IOException {
        process = ChildProcess.start(
                folder, ClusterProcess.class, folder.resolve("broker").toString(), "" + kafkaPort, "" + registryPort);
        process.address();
    }

    void kill() {
        process.kill();
    }

    String bootstrap() {
        return "127.0.0.1:" + kafkaPort;
    }

    String registry() {
        return "http://127.0.0.1:" + registryPort;
    }

    ChunkProducer producer() {
        return new ChunkProducer(client.kafka(), client.layout(), client.serdes());
    }

    ChildProcess role(String verb, String... more) throws IOException {
        List<String> words = new java.util.ArrayList<>(
                List.of(verb, "--bootstrap", bootstrap(), "--registry", registry(), "--port", "0"));
        words.addAll(List.of(more));
        return ChildProcess.unpark(folder, words.toArray(String[]::new));
    }

    /** The collector with so much heap; its port is among {@code more}. */
    ChildProcess collect(String heap, String... more) throws IOException {
        List<String> words =
                new java.util.ArrayList<>(List.of("collect", "--bootstrap", bootstrap(), "--registry", registry()));
        words.addAll(List.of(more));
        return ChildProcess.start(folder, heap, Main.class, words.toArray(String[]::new));
    }

    Cluster client() {
        return client;
    }

    /** A process of the topologies with stores of its own name. */
    ChildProcess stream(String state) throws IOException {
        return role("stream", "--state", folder.resolve(state).toString());
    }

    /** Members of a consumer group as its coordinator knows them. */
    int members(String group) {
        try (Admin admin = Admin.create(client.kafka())) {
            java.util.Collection<MemberDescription> members = admin.describeConsumerGroups(List.of(group))
                    .describedGroups()
                    .get(group)
                    .toCompletionStage()
                    .toCompletableFuture()
                    .join()
                    .members();
            return members.size();
        }
    }

    /** Waits until all that was sent has gone through all stages, whoever runs them. */
    void awaitProcessed(Duration limit) throws InterruptedException {
        // It is not started: it only asks how far the group has come.
        StreamsOptions observer = StreamsOptions.of(client.kafka(), folder.resolve("observer-" + UUID.randomUUID()));
        try (StreamsApp asks = new StreamsApp(observer, client.serdes())) {
            assertThat(asks.awaitProcessed(asks.inputEnds(), limit))
                    .as("processed within %s", limit)
                    .isTrue();
        }
    }

    /** What readers of committed records know in the end: read into a database of its own. */
    Map<String, JsonNode> anomalies(Duration limit) throws InterruptedException {
        String name = "sink-" + UUID.randomUUID();
        SinkConfig config = SinkConfig.of(client.kafka(), client.registry(), StorageConfig.inMemory(name));
        SinkConfig own = new SinkConfig(
                config.kafka(),
                config.registry(),
                config.topics(),
                config.storage(),
                name,
                config.quiet(),
                config.anomalyRetention(),
                config.windowRetention());
        PrometheusMeterRegistry metrics = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        try (Sink sink = new Sink(own, Clock.systemUTC(), metrics, List::of)) {
            sink.start();
            assertThat(sink.awaitProcessed(sink.endOffsets(), limit)).isTrue();
            return Documents.byId(StoredAnomalies.all(sink, true));
        }
    }

    @Override
    public void close() {
        process.close();
    }
}
