package io.unpark.streams;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.unpark.schemas.InstanceKey;
import io.unpark.schemas.TopicLayout;
import io.unpark.schemas.Topics;
import io.unpark.schemas.record.Anomaly;
import io.unpark.schemas.record.TraceChunk;
import io.unpark.schemas.registry.TopicSerdes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The demo's recordings with their chunks out of order, some twice, some in parts, one generation lost, and one service an hour
 * behind by its clock and by its records' timestamps; with a transaction that is aborted; on two machines, the first of which goes while it holds
 * generations. The same table as the analysis in order and in one process gives.
 */
class ReorderedPipelineTest {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final List<String> SERVICES = List.of("orders", "gateway", "inventory");
    private static final String BEHIND = "orders";
    private static final long HOUR_MS = 3_600_000;
    private static final int LOST = 2;

    @TempDir
    static Path brokerDir;

    @TempDir
    Path stateDir;

    private static Cluster cluster;

    private record Sent(TraceChunk chunk, double at) {}

    @BeforeAll
    static void start() throws IOException {
        cluster = new Cluster(brokerDir);
    }

    @AfterAll
    static void stop() {
        cluster.close();
    }

    @Test
    void theSameTableWhateverTheOrder() throws Exception {
        // Given
        long seed = Long.getLong("unpark.seed", System.nanoTime() & 0xffff_ffffL);
        System.out.println("ReorderedPipelineTest: seed " + seed);
        Random random = new Random(seed);
        InProcess inProcess = new InProcess();
        List<Sent> sent = new ArrayList<>();
        for (List<TraceChunk> recording : recordings()) {
            for (TraceChunk chunk : recording) {
                if (chunk.getSequence() != LOST) {
                    inProcess.take(chunk);
                    sent.addAll(sent(chunk, random));
                }
            }
        }
        Map<String, Anomaly> expected = inProcess.anomalies();
        assertThat(expected.values())
                .as("something that joins services")
                .extracting(Anomaly::getKind)
                .contains("deadline_not_propagated", "goroutine_leak");
        sent.sort(Comparator.comparingDouble(Sent::at));
        TopicLayout layout = cluster.createTopics("reordered-", 2);
        int half = sent.size() / 2;
        // When
        send(layout, sent.subList(0, half));
        FailingRegistry failing = new FailingRegistry(cluster.registryClient(), layout.name(Topics.FINDINGS));
        try (StreamsApp app = app(layout, "first", new TopicSerdes(failing, true))) {
            Map<String, Long> none = Map.of(layout.name(Topics.TRACE_CHUNKS), 0L);
            await().atMost(LIMIT)
                    .until(() -> app.isRunning() && app.lags().entrySet().containsAll(none.entrySet()));
            assertThat(app.endReached(app.inputEnds())).as("something is held").isFalse();
        }
        send(layout, sent.subList(half, sent.size()));
        try (StreamsApp app = app(layout, "second", cluster.serdes)) {
            assertThat(app.awaitProcessed(app.inputEnds(), LIMIT)).isTrue();
            // Then
            assertThat(app.endReached(app.inputEnds())).isTrue();
            assertThat(app.orderStatus().missingGenerations()).isPositive();
            assertThat(app.orderStatus().lateChunks()).isZero();
            assertThat(app.status().duplicateGenerations()).isPositive();
            assertThat(app.status().deadLetters()).isZero();
        }
        Map<String, Anomaly> anomalies = new TreeMap<>(cluster.readLast(layout, Topics.ANOMALIES));
        anomalies.values().forEach(InProcess::comparable);
        assertThat(anomalies).isEqualTo(expected);
    }

    private static List<Sent> sent(TraceChunk chunk, Random random) {
        List<TraceChunk> parts = random.nextInt(3) == 0 ? Recordings.parts(chunk, 60_000) : List.of(chunk);
        List<Sent> sent = new ArrayList<>();
        for (TraceChunk part : parts) {
            double at = chunk.getSequence() + random.nextDouble() * 8;
            sent.add(new Sent(part, at));
            if (random.nextInt(3) == 0) {
                sent.add(new Sent(part, at + random.nextInt(8)));
            }
        }
        return sent;
    }

    private StreamsApp app(TopicLayout layout, String folder, TopicSerdes serdes) {
        Map<String, Object> config = new TreeMap<>(cluster.clientConfig());
        // As in the all-in-one mode: less to retry, and to log, on a busy machine.
        config.put("producer.max.in.flight.requests.per.connection", 1);
        StreamsApp app = new StreamsApp(
                StreamsOptions.of(config, stateDir.resolve(folder))
                        .withLayout(layout)
                        .withCommitInterval(Duration.ofMillis(100)),
                serdes);
        app.start();
        return app;
    }

    private static void send(TopicLayout layout, List<Sent> chunks) {
        long nowMs = System.currentTimeMillis();
        for (Sent one : chunks) {
            boolean behind = one.chunk().getInstance().getService().equals(BEHIND);
            cluster.send(
                    layout,
                    Topics.TRACE_CHUNKS,
                    InstanceKey.of(one.chunk().getInstance()).encode(),
                    one.chunk(),
                    behind ? nowMs - HOUR_MS : nowMs);
        }
        cluster.flush();
    }

    private static List<List<TraceChunk>> recordings() throws IOException {
        Path folder = Path.of("infra", "demo", "recordings");
        Path root = Files.isDirectory(folder) ? folder : Path.of("..").resolve(folder);
        List<List<TraceChunk>> recordings = new ArrayList<>();
        for (String scenario : List.of("leak", "noheader")) {
            for (String service : SERVICES) {
                long firstNs = Records.T0 - (service.equals(BEHIND) ? HOUR_MS * Records.MS : 0);
                Path trace = root.resolve(scenario).resolve(service + ".trace.xz");
                recordings.add(Recordings.chunks(trace, service, service + "-" + scenario, firstNs));
            }
        }
        return recordings;
    }
}
