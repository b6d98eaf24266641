package io.unpark.streams;

import io.unpark.analysis.race.RaceJudge;
import io.unpark.analysis.request.JoinDetector;
import io.unpark.schemas.Topic;
import io.unpark.schemas.TopicLayout;
import io.unpark.schemas.Topics;
import io.unpark.schemas.record.Finding;
import io.unpark.schemas.record.TraceChunk;
import io.unpark.schemas.registry.TopicSerdes;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.test.TestRecord;

/** All topologies without a broker, with the settings of production. Output of one stage reaches the next at once. */
final class Pipeline implements AutoCloseable {
    static final Instant NOW = Instant.parse("2026-11-23T00:00:00Z");
    static final StreamsLimits LIMITS = new StreamsLimits(
            64,
            Duration.ofHours(1),
            Duration.ofMinutes(10),
            100,
            Duration.ofDays(3),
            Duration.ofSeconds(30),
            1000,
            Duration.ofMinutes(1),
            1 << 20);

    final MemoryRegistry registry = new MemoryRegistry();
    final StreamsCounters counters = new StreamsCounters();
    final TopicSerdes serdes = new TopicSerdes(registry, true);
    final TopologyTestDriver driver;

    private final TopicLayout layout = TopicLayout.DEFAULT.withPrefix("test-");

    Pipeline(Path stateDir) {
        this(stateDir, LIMITS);
    }

    Pipeline(Path stateDir, StreamsLimits limits) {
        this(stateDir, limits, ScriptedJudge.settings(JoinDetector.STANDARD, RaceJudge::judge));
    }

    Pipeline(Path stateDir, StreamsLimits limits, AnalysisSettings analysis) {
        Wiring wiring = new Wiring(layout, serdes);
        Properties settings = settings(stateDir);
        driver = new TopologyTestDriver(StreamsApp.topology(wiring, limits, analysis, counters), settings, NOW);
    }

    /** Of the incident topology alone, which takes so many anomalies. */
    Pipeline(Path stateDir, int maxAnomalies) {
        driver = new TopologyTestDriver(
                IncidentTopology.addTo(new Topology(), new Wiring(layout, serdes), LIMITS, counters, maxAnomalies),
                settings(stateDir),
                NOW);
    }

    private Properties settings(Path stateDir) {
        StreamsOptions options = StreamsOptions.of(Map.of("bootstrap.servers", "nowhere:1"), stateDir)
                .withLayout(layout);
        Properties settings = StreamsSettings.of(options, new DeadLetters(layout, counters));
        // Under exactly once the driver loses the letters of records that cannot be decoded: it clears its producer
        // between the
        // send and the commit. The test with a broker covers them.
        settings.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.AT_LEAST_ONCE);
        return settings;
    }

    <V> void send(Topic<String, V> topic, String key, V value) {
        byte[] bytes = serdes.value(topic).serializer().serialize(layout.name(topic), value);
        sendRaw(topic, key, bytes);
    }

    void sendRaw(Topic<String, ?> topic, String key, byte[] value) {
        driver.createInputTopic(layout.name(topic), new StringSerializer(), new ByteArraySerializer())
                .pipeInput(new TestRecord<>(key, value, NOW));
    }

    /** What is new on a topic, values only; null is a tombstone. */
    <V extends SpecificRecord> List<V> read(Topic<String, V> topic) {
        return readRecords(topic).stream().map(TestRecord::value).toList();
    }

    <V extends SpecificRecord> List<TestRecord<String, V>> readRecords(Topic<String, V> topic) {
        return driver.createOutputTopic(
                        layout.name(topic),
                        new StringDeserializer(),
                        serdes.value(topic).deserializer())
                .readRecordsToList();
    }

    /** What is new on a dead-letter topic. */
    List<ProducerRecord<byte[], byte[]>> letters(Topic<byte[], byte[]> topic) {
        List<ProducerRecord<byte[], byte[]>> letters = new ArrayList<>();
        var output =
                driver.createOutputTopic(layout.name(topic), new ByteArrayDeserializer(), new ByteArrayDeserializer());
        for (TestRecord<byte[], byte[]> record : output.readRecordsToList()) {
            letters.add(new ProducerRecord<>(topic.name(), null, record.key(), record.value(), record.headers()));
        }
        return letters;
    }

    static String header(ProducerRecord<byte[], byte[]> letter, String name) {
        Header header = letter.headers().lastHeader(name);
        return header == null ? null : new String(header.value(), StandardCharsets.UTF_8);
    }

    void pass(Duration time) {
        driver.advanceWallClockTime(time);
    }

    @Override
    public void close() {
        driver.close();
    }

    /** Sends a chunk under the key of its instance, which is of the usual service. */
    void send(TraceChunk chunk) {
        send(Topics.TRACE_CHUNKS, Records.key(chunk.getInstance().getName()), chunk);
    }

    /** The counts of the findings since the last call. */
    List<Long> leaked() {
        return read(Topics.FINDINGS).stream().map(Finding::getCount).toList();
    }
}
