package io.unpark.streams;

import static org.assertj.core.api.Assertions.assertThat;

import io.unpark.schemas.InstanceKey;
import io.unpark.schemas.TopicLayout;
import io.unpark.schemas.Topics;
import io.unpark.schemas.record.Anomaly;
import io.unpark.schemas.record.TraceChunk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The demo's recordings, one of whose services has a clock that is an hour ahead, give the same table however many partitions
 * and threads there are, and whether they come all at once or each generation when the one before has been worked off.
 */
class SameTableTest {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final long HOUR_NS = 3_600_000 * Records.MS;
    private static final List<String> SCENARIOS = List.of("leak", "noheader");
    private static final List<String> SERVICES = List.of("orders", "gateway", "inventory");
    private static final String AHEAD = "orders";

    @TempDir
    static Path brokerDir;

    @TempDir
    Path stateDir;

    private static Cluster cluster;
    private static List<List<TraceChunk>> recordings;
    private static Map<String, Anomaly> expected;

    @BeforeAll
    static void start() throws Exception {
        cluster = new Cluster(brokerDir);
        recordings = recordings();
        InProcess inProcess = new InProcess();
        for (List<TraceChunk> recording : recordings) {
            for (TraceChunk chunk : recording) {
                inProcess.take(chunk);
            }
        }
        expected = inProcess.anomalies();
        assertThat(expected).as("something to compare").isNotEmpty();
    }

    @AfterAll
    static void stop() {
        cluster.close();
    }

    @Test
    void onePartitionAndOneThreadGenerationByGeneration() throws Exception {
        TopicLayout layout = cluster.createTopics("slow-", 1);
        try (StreamsApp app = start(layout, 1)) {
            for (List<TraceChunk> second : seconds()) {
                send(layout, second);
                assertThat(app.awaitProcessed(app.inputEnds(), LIMIT)).isTrue();
            }
        }
        assertThat(anomalies(layout)).isEqualTo(expected);
    }

    @Test
    void onePartitionAndFourThreads() throws Exception {
        assertThat(allAtOnce("1-4-", 1, 4)).isEqualTo(expected);
    }

    @Test
    void eightPartitionsAndOneThread() throws Exception {
        assertThat(allAtOnce("8-1-", 8, 1)).isEqualTo(expected);
    }

    @Test
    void eightPartitionsAndFourThreads() throws Exception {
        assertThat(allAtOnce("8-4-", 8, 4)).isEqualTo(expected);
    }

    private Map<String, Anomaly> allAtOnce(String prefix, int partitions, int threads) throws Exception {
        TopicLayout layout = cluster.createTopics(prefix, partitions);
        for (List<TraceChunk> second : seconds()) {
            send(layout, second);
        }
        try (StreamsApp app = start(layout, threads)) {
            assertThat(app.awaitProcessed(app.inputEnds(), LIMIT)).isTrue();
            assertThat(app.status().deadLetters()).isZero();
        }
        return anomalies(layout);
    }

    private StreamsApp start(TopicLayout layout, int threads) {
        Map<String, Object> config = new TreeMap<>(cluster.clientConfig());
        // As in the all-in-one mode: less to retry, and to log, on a busy machine.
        config.put("producer.max.in.flight.requests.per.connection", 1);
        StreamsApp app = new StreamsApp(
                StreamsOptions.of(config, stateDir.resolve(layout.prefix()))
                        .withLayout(layout)
                        .withThreads(threads)
                        .withCommitInterval(Duration.ofMillis(100)),
                cluster.serdes);
        app.start();
        return app;
    }

    private static Map<String, Anomaly> anomalies(TopicLayout layout) {
        Map<String, Anomaly> anomalies = new TreeMap<>(cluster.readLast(layout, Topics.ANOMALIES));
        anomalies.values().forEach(InProcess::comparable);
        return anomalies;
    }

    private static void send(TopicLayout layout, List<TraceChunk> chunks) {
        for (TraceChunk chunk : chunks) {
            cluster.send(
                    layout,
                    Topics.TRACE_CHUNKS,
                    InstanceKey.of(chunk.getInstance()).encode(),
                    chunk);
        }
        cluster.flush();
    }

    /** All instances' first generations, then their second ones, and so on. */
    private static List<List<TraceChunk>> seconds() {
        List<List<TraceChunk>> seconds = new ArrayList<>();
        int longest = recordings.stream().mapToInt(List::size).max().orElse(0);
        for (int i = 0; i < longest; i++) {
            int at = i;
            seconds.add(recordings.stream()
                    .filter(recording -> at < recording.size())
                    .map(recording -> recording.get(at))
                    .toList());
        }
        return seconds;
    }

    private static List<List<TraceChunk>> recordings() throws IOException {
        Path folder = Path.of("infra", "demo", "recordings");
        Path root = Files.isDirectory(folder) ? folder : Path.of("..").resolve(folder);
        List<List<TraceChunk>> recordings = new ArrayList<>();
        for (String scenario : SCENARIOS) {
            for (String service : SERVICES) {
                long firstNs = Records.T0 + (service.equals(AHEAD) ? HOUR_NS : 0);
                Path trace = root.resolve(scenario).resolve(service + ".trace.xz");
                recordings.add(Recordings.chunks(trace, service, service + "-" + scenario, firstNs));
            }
        }
        return recordings;
    }
}
