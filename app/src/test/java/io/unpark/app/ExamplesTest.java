package io.unpark.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.unpark.schemas.TopicLayout;
import io.unpark.schemas.Topics;
import io.unpark.schemas.record.Advice;
import io.unpark.schemas.record.Anomaly;
import io.unpark.schemas.record.Confidence;
import io.unpark.schemas.record.Instance;
import io.unpark.schemas.record.Place;
import io.unpark.schemas.record.Severity;
import io.unpark.testkit.GoTool;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The programs of the folder {@code examples}, on a topic with committed, aborted and deleted anomalies. */
class ExamplesTest {
    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final List<String> EXPECTED = List.of(
            "goroutine_leak WARNING main.go:42 It leaks.", "gone: withdrawn", "data_race WARNING main.go:7 It races.");

    @TempDir
    private static Path shared;

    private static Broker broker;

    @TempDir
    private Path folder;

    @BeforeAll
    static void start() throws IOException {
        broker = new Broker(shared);
        broker.topics("");
        write();
    }

    @AfterAll
    static void stop() {
        broker.close();
    }

    /** As the topologies do: in transactions, of which one is given up. */
    private static void write() {
        Map<String, Object> settings = new HashMap<>(broker.client());
        settings.put("transactional.id", "examples");
        try (var producer = new KafkaProducer<>(settings, new StringSerializer(), new ByteArraySerializer())) {
            producer.initTransactions();
            producer.beginTransaction();
            producer.send(record("leak", anomaly("leak", "goroutine_leak", 42, "It leaks.")));
            producer.send(record("withdrawn", null));
            producer.commitTransaction();
            producer.beginTransaction();
            producer.send(record("aborted", anomaly("aborted", "gc_pressure", 1, "This was never committed.")));
            producer.flush();
            producer.abortTransaction();
            producer.beginTransaction();
            producer.send(record("race", anomaly("race", "data_race", 7, "It races.")));
            producer.commitTransaction();
        }
    }

    /** All on one partition, so that who has the last one has passed the aborted one. */
    private static ProducerRecord<String, byte[]> record(String key, Anomaly anomaly) {
        String topic = TopicLayout.DEFAULT.name(Topics.ANOMALIES);
        byte[] value = broker.serdes().value(Topics.ANOMALIES).serializer().serialize(topic, anomaly);
        return new ProducerRecord<>(topic, 0, key, value);
    }

    private static Anomaly anomaly(String id, String kind, int line, String summary) {
        return Anomaly.newBuilder()
                .setId(id)
                .setKind(kind)
                .setInstance(new Instance("", "orders", "orders-1", ""))
                .setPlace(new Place("main.work", "main.go", line, "", ""))
                .setSeverity(Severity.WARNING)
                .setConfidence(Confidence.CERTAIN)
                .setCount(1)
                .setFirstSeenNs(1)
                .setLastSeenNs(2)
                .setSummary(summary)
                .setEvidence(Map.of("rule", "sample", "wait_ns", 5L))
                .setAdvice(new Advice("Fix it.", "", ""))
                .setWorstFindingId("f")
                .build();
    }

    @Test
    void javas() throws Exception {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));

        assertReads(List.of(java, "-Xmx256m", "-cp", classPath, example("java/ReadAnomalies.java")));
    }

    @Test
    void pythons() throws Exception {
        String python = System.getenv().getOrDefault("UNPARK_PYTHON", "python3");
        assumeTrue(
                runs(folder, List.of(python, "-c", "import confluent_kafka.schema_registry.avro")),
                "the Python example is skipped: " + python
                        + " has no confluent-kafka[schemaregistry,avro]; see infra/interop");

        assertReads(List.of(python, example("python/read_anomalies.py")));
    }

    @Test
    void gos() throws Exception {
        assumeTrue(GoTool.find().isPresent(), GoTool.ABSENT);
        Path program = folder.resolve("example");
        assumeTrue(
                runs(Path.of(example("go")), List.of("go", "build", "-o", program.toString(), ".")),
                "the Go example is skipped: it cannot be built, as its modules are not here; see infra/interop");

        assertReads(List.of(program.toString()));
    }

    @Test
    void eachIsShort() throws IOException {
        for (String file : List.of("java/ReadAnomalies.java", "python/read_anomalies.py", "go/main.go")) {
            assertThat(Files.readAllLines(Path.of(example(file)))).as(file).hasSizeLessThan(40);
        }
    }

    private static String example(String file) {
        return ProjectRoot.folder().resolve("examples").resolve(file).toString();
    }

    private void assertReads(List<String> command) throws Exception {
        List<String> words = new ArrayList<>(command);
        words.add(broker.bootstrap());
        words.add(broker.registry());
        Path out = folder.resolve("out.txt");
        Path err = folder.resolve("err.txt");
        Process process = new ProcessBuilder(words)
                .redirectOutput(out.toFile())
                .redirectError(err.toFile())
                .start();
        try {
            await().atMost(LIMIT)
                    .until(() -> !process.isAlive() || Files.readAllLines(out).size() >= EXPECTED.size());
        } finally {
            process.destroyForcibly();
        }
        assertThat(Files.readAllLines(out)).as(() -> text(err)).containsExactlyElementsOf(EXPECTED);
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            return e.toString();
        }
    }

    private static boolean runs(Path at, List<String> command) throws InterruptedException {
        try {
            Process process = new ProcessBuilder(command)
                    .directory(at.toFile())
                    .redirectErrorStream(true)
                    .start();
            process.getOutputStream().close();
            new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS) && process.exitValue() == 0;
        } catch (IOException e) {
            return false;
        }
    }
}
