package io.unpark.streams;

import static io.unpark.streams.Records.key;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.unpark.schemas.InstanceKey;
import io.unpark.schemas.TopicLayout;
import io.unpark.schemas.Topics;
import io.unpark.schemas.record.Anomaly;
import io.unpark.schemas.record.TraceChunk;
import io.unpark.schemas.registry.TopicSerdes;
import io.unpark.testkit.Corpus;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole application under exactly once, on a real broker with a real registry. */
class StreamsAppTest {
    private static final Duration LIMIT = Duration.ofSeconds(40);
    /** Enough to find several kinds, small enough to be quick. */
    private static final int RECORDINGS = 8;

    private static final long MAX_RECORDING_BYTES = 400_000;

    @TempDir
    static Path brokerDir;

    @TempDir
    Path stateDir;

    private static Cluster cluster;

    @BeforeAll
    static void startCluster() throws IOException {
        cluster = new Cluster(brokerDir);
    }

    @AfterAll
    static void stopCluster() {
        cluster.close();
    }

    private StreamsApp start(TopicLayout layout, String folder) {
        return start(layout, folder, cluster.serdes);
    }

    private StreamsApp start(TopicLayout layout, String folder, TopicSerdes serdes) {
        StreamsApp app = new StreamsApp(
                StreamsOptions.of(cluster.clientConfig(), stateDir.resolve(folder))
                        .withLayout(layout)
                        .withCommitInterval(Duration.ofMillis(100)),
                serdes);
        app.start();
        return app;
    }

    private static Map<String, Anomaly> anomalies(TopicLayout layout) {
        Map<String, Anomaly> anomalies = new TreeMap<>(cluster.readLast(layout, Topics.ANOMALIES));
        anomalies.values().forEach(InProcess::comparable);
        return anomalies;
    }

    @Test
    void reportsAndSegmentsBecomeAnomaliesAndPoisonDoesNot() throws Exception {
        TopicLayout layout = cluster.createTopics("mixed-");
        byte[] poison = "not Avro".getBytes(UTF_8);
        for (int i = 0; i < 20; i++) {
            String name = "i" + i % 3;
            cluster.send(layout, Topics.RACE_REPORTS, key(name), Records.race(name, "r" + i % 5));
            cluster.send(
                    layout,
                    Topics.FINDINGS,
                    Records.leak("a", 1, 1).anomalyId(),
                    FindingMapper.toAvro(Records.leak("a", i, i + 1)));
            cluster.send(layout, Topics.REQUEST_SEGMENTS, "t" + i, SegmentMapper.toAvro(Records.callee("t" + i)));
            cluster.send(layout, Topics.REQUEST_SEGMENTS, "t" + i, SegmentMapper.toAvro(Records.caller("t" + i)));
        }
        cluster.sendRaw(layout, Topics.RACE_REPORTS, key("i1"), poison);
        cluster.sendRaw(layout, Topics.TRACE_CHUNKS, key("i1"), poison);
        cluster.send(layout, Topics.TRACE_CHUNKS, key("i1"), Records.chunk("i1", 1, "no generation of a trace"));
        cluster.sendRaw(layout, Topics.FINDINGS, "x", poison);
        cluster.flush();

        try (StreamsApp app = start(layout, "mixed")) {
            assertThat(app.awaitProcessed(app.inputEnds(), LIMIT)).isTrue();

            assertThat(app.endReached(app.inputEnds())).isTrue();
            assertThat(app.lags().values()).containsOnly(0L);
            assertThat(app.isRunning()).isTrue();
            assertThat(app.status().deadLetters()).isEqualTo(4);
        }
        assertThat(anomalies(layout).values())
                .extracting(Anomaly::getKind, Anomaly::getCount)
                .containsExactlyInAnyOrder(
                        org.assertj.core.groups.Tuple.tuple("data_race", 5L),
                        org.assertj.core.groups.Tuple.tuple("goroutine_leak", 20L),
                        org.assertj.core.groups.Tuple.tuple("deadline_not_propagated", 20L));
        assertThat(cluster.readAll(layout.name(Topics.RACE_REPORTS_DLQ)))
                .singleElement()
                .satisfies(letter -> assertThat(letter.value()).isEqualTo(poison));
        assertThat(cluster.readAll(layout.name(Topics.TRACE_CHUNKS_DLQ)))
                .hasSize(2)
                .allSatisfy(letter -> assertThat(new String(
                                letter.headers().lastHeader(DeadLetters.TOPIC).value(), UTF_8))
                        .isEqualTo(layout.name(Topics.TRACE_CHUNKS)));
    }

    @Test
    void missingTopicsStopItWithAReason() throws Exception {
        TopicLayout nowhere = TopicLayout.DEFAULT.withPrefix("nowhere-");
        try (StreamsApp app = start(nowhere, "nowhere")) {
            await().atMost(LIMIT).until(app::hasFailed);

            assertThat(app.status().failure())
                    .hasValueSatisfying(why -> assertThat(why).contains("topics create"));
        }
    }

    @Test
    void recordsOfTheLargestSizePass() throws Exception {
        TopicLayout layout = cluster.createTopics("large-");
        byte[] noise = new byte[Topics.MAX_CHUNK_PAYLOAD_BYTES];
        new Random(1).nextBytes(noise);
        for (int part = 0; part < 8; part++) {
            ByteBuffer bytes = ByteBuffer.wrap(noise);
            cluster.send(
                    layout,
                    Topics.TRACE_CHUNKS,
                    key("a"),
                    Records.chunk("a", 1, part, 8, ChunkChecks.crc32c(bytes), bytes));
        }
        cluster.flush();

        try (StreamsApp app = start(layout, "large")) {
            assertThat(app.awaitProcessed(app.inputEnds(), LIMIT)).isTrue();
        }

        assertThat(cluster.readAll(layout.name(Topics.TRACE_CHUNKS_DLQ)))
                .as("joined, found to be no trace, and refused whole")
                .hasSize(8);
    }

    @Test
    void recordingsGiveWhatTheAnalysisGivesWithoutKafka() throws Exception {
        List<List<TraceChunk>> recordings = recordings();
        TopicLayout layout = cluster.createTopics("recorded-");
        InProcess inProcess = new InProcess();
        for (List<TraceChunk> recording : recordings) {
            for (TraceChunk chunk : recording) {
                inProcess.take(chunk);
            }
        }
        assertThat(inProcess.anomalies()).as("something to compare").isNotEmpty();

        // The first half with a failure amid, an end, another machine without the state folder, then all of it once
        // more: half are
        // duplicates.
        send(layout, recordings, 0.5);
        FailingRegistry failing = new FailingRegistry(cluster.registryClient(), layout.name(Topics.FINDINGS));
        try (StreamsApp app = start(layout, "first", new TopicSerdes(failing, true))) {
            assertThat(app.awaitProcessed(app.inputEnds(), LIMIT)).isTrue();
            assertThat(app.status().replacedThreads())
                    .as("a transaction was aborted on the way")
                    .isEqualTo(1);
        }
        send(layout, recordings, 1);
        try (StreamsApp app = start(layout, "second")) {
            assertThat(app.awaitProcessed(app.inputEnds(), LIMIT)).isTrue();
            assertThat(app.status().duplicateGenerations()).isPositive();
            assertThat(app.status().deadLetters()).isZero();
        }

        assertThat(anomalies(layout)).isEqualTo(inProcess.anomalies());
    }

    /** Interleaved over the instances, each generation in parts. */
    private static void send(TopicLayout layout, List<List<TraceChunk>> recordings, double share) {
        int longest = recordings.stream().mapToInt(List::size).max().orElse(0);
        for (int i = 0; i < longest; i++) {
            for (List<TraceChunk> recording : recordings) {
                if (i < Math.ceil(recording.size() * share)) {
                    TraceChunk chunk = recording.get(i);
                    String key = InstanceKey.of(chunk.getInstance()).encode();
                    for (TraceChunk part : Recordings.parts(chunk, 40_000)) {
                        cluster.send(layout, Topics.TRACE_CHUNKS, key, part);
                    }
                }
            }
        }
        cluster.flush();
    }

    private static List<List<TraceChunk>> recordings() throws IOException {
        List<Path> traces = Corpus.traces();
        if (traces.isEmpty()) {
            System.out.println("Skipped: " + Corpus.ABSENT);
        }
        assumeTrue(!traces.isEmpty(), Corpus.ABSENT);
        List<List<TraceChunk>> recordings = new ArrayList<>();
        int step = Math.max(1, traces.size() / RECORDINGS);
        for (int i = 0; i < traces.size(); i += step) {
            List<TraceChunk> chunks = Recordings.chunks(traces.get(i));
            if (chunks.stream().mapToLong(c -> c.getBytes().remaining()).sum() <= MAX_RECORDING_BYTES) {
                recordings.add(chunks);
            }
        }
        return recordings;
    }
}
