package io.unpark.ingest.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.unpark.embedded.EmbeddedKafka;
import io.unpark.embedded.EmbeddedRegistry;
import io.unpark.schemas.TopicAdmin;
import io.unpark.schemas.TopicLayout;
import io.unpark.schemas.Topics;
import io.unpark.schemas.record.Instance;
import io.unpark.schemas.record.TraceChunk;
import io.unpark.schemas.registry.RegistryConfig;
import io.unpark.schemas.registry.TopicSerdes;
import io.unpark.testkit.GoTool;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.zip.CRC32C;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.utils.Utils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the agent's Kafka module writes is what the collector would have written: a real broker, a real registry, our own serde. */
class GoProducerTest {
    private static final Duration LIMIT = Duration.ofMinutes(4);
    private static final String KEY = "shop/orders/go%2F1";

    @Test
    void anAgentsRecordsAreReadAsTheCollectors(@TempDir Path folder) throws Exception {
        // Given a broker with the topics, and a registry
        Path module = modules().resolve("kafka");
        String missing = missing(module);
        if (!missing.isEmpty()) {
            System.out.println("SKIPPED: the Go producer against a real broker: " + missing);
        }
        assumeTrue(missing.isEmpty(), missing);
        try (EmbeddedKafka kafka = EmbeddedKafka.start(folder.resolve("kafka"));
                EmbeddedRegistry registry = EmbeddedRegistry.start(kafka.bootstrap(), 0)) {
            Map<String, Object> client = Map.of("bootstrap.servers", kafka.bootstrap());
            try (Admin admin = Admin.create(client)) {
                new TopicAdmin(admin, TopicLayout.DEFAULT, Duration.ofSeconds(30)).create();
            }

            // When a Go process ships its own trace there
            ship(module, folder, kafka.bootstrap(), registry.url());

            // Then its records are read with our serde, lie where ours would, and are whole
            List<ConsumerRecord<byte[], byte[]>> records = records(client);
            TopicSerdes serdes = TopicSerdes.of(RegistryConfig.of(registry.url()));
            assertThat(records).hasSizeGreaterThanOrEqualTo(2);
            long sequence = 0;
            for (ConsumerRecord<byte[], byte[]> record : records) {
                TraceChunk chunk =
                        serdes.value(Topics.TRACE_CHUNKS).deserializer().deserialize(record.topic(), record.value());
                assertThat(new String(record.key(), StandardCharsets.UTF_8)).isEqualTo(KEY);
                assertThat(chunk.getInstance()).isEqualTo(new Instance("shop", "orders", "go/1", "v1"));
                assertThat(chunk.getSequence()).isEqualTo(sequence++);
                assertThat(chunk.getParts()).isEqualTo(1);
                assertThat(chunk.getGoMinor()).isGreaterThanOrEqualTo(22);
                assertThat(chunk.getCrc32c()).isEqualTo(crc32c(chunk));
            }
        }
    }

    private static int crc32c(TraceChunk chunk) {
        CRC32C crc = new CRC32C();
        crc.update(chunk.getBytes().duplicate());
        return (int) crc.getValue();
    }

    private static String missing(Path module) throws IOException {
        if (GoTool.find().isEmpty()) {
            return GoTool.ABSENT;
        }
        GoTool.Result download = GoTool.find().get().run(module, LIMIT, "mod", "download");
        return download.exit() == 0
                ? ""
                : "go mod download: " + download.stderr().strip();
    }

    private static void ship(Path module, Path folder, String bootstrap, String registry) throws Exception {
        Path log = folder.resolve("go.txt");
        ProcessBuilder go = new ProcessBuilder("go", "test", "-count", "1", "-run", "TestAgainstARealBroker", "-v", ".")
                .directory(module.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        go.environment().put("UNPARK_TEST_KAFKA", bootstrap);
        go.environment().put("UNPARK_TEST_REGISTRY", registry);
        Process process = go.start();
        assertThat(process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(Files.readString(log)).contains("--- PASS: TestAgainstARealBroker");
    }

    /** All there are, from the partition where Java's producer puts this key. */
    private static List<ConsumerRecord<byte[], byte[]>> records(Map<String, Object> client) {
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(client, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            String topic = Topics.TRACE_CHUNKS.name();
            int partitions = consumer.partitionsFor(topic).size();
            byte[] key = KEY.getBytes(StandardCharsets.UTF_8);
            TopicPartition place = new TopicPartition(topic, Utils.toPositive(Utils.murmur2(key)) % partitions);
            consumer.assign(List.of(place));
            consumer.seekToBeginning(List.of(place));
            long end = consumer.endOffsets(List.of(place)).get(place);
            List<ConsumerRecord<byte[], byte[]>> found = new ArrayList<>();
            while (consumer.position(place) < end) {
                consumer.poll(Duration.ofSeconds(1)).forEach(found::add);
            }
            return found;
        }
    }

    private static Path modules() {
        for (Path dir = Path.of("").toAbsolutePath(); dir != null; dir = dir.getParent()) {
            Path folder = dir.resolve("ingest/agent");
            if (Files.exists(folder.resolve("go.mod"))) {
                return folder;
            }
        }
        throw new AssertionError("ingest/agent/go.mod is in no folder above this one");
    }
}
