package io.unpark.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class EmbeddedKafkaTest {
    private static final TopicPartition PARTITION = new TopicPartition("t", 0);
    private static final int LARGE_BYTES = 4 * 1024 * 1024;

    @TempDir
    Path dir;

    @Test
    void dataOutliveARestartAndAKill() throws Exception {
        // Given a large record in a committed transaction
        Path data = dir.resolve("data");
        Path asKilled = dir.resolve("as-killed");
        String bootstrap;
        String clusterId;
        try (EmbeddedKafka kafka = EmbeddedKafka.start(data)) {
            bootstrap = kafka.bootstrap();
            clusterId = clusterId(kafka);
            createTopic(kafka);
            sendInTransaction(kafka, new byte[LARGE_BYTES]);
            // A commit's markers are written after it is answered; a copy in between would have seen two moments
            assertThat(readCommitted(kafka, 1)).containsExactly(LARGE_BYTES);
            // What a killed process leaves: files of a running broker, without its last words
            copy(data, asKilled);
        }

        // When both are started
        try (EmbeddedKafka restarted = EmbeddedKafka.start(data);
                EmbeddedKafka recovered = EmbeddedKafka.start(asKilled)) {
            // Then
            assertThat(restarted.bootstrap()).isEqualTo(bootstrap);
            assertThat(clusterId(restarted)).isEqualTo(clusterId);
            assertThat(readCommitted(restarted, 1)).containsExactly(LARGE_BYTES);
            assertThat(readCommitted(recovered, 1)).containsExactly(LARGE_BYTES);
            sendInTransaction(recovered, new byte[1]);
            assertThat(readCommitted(recovered, 2)).containsExactly(LARGE_BYTES, 1);
        }
    }

    @Test
    void aTakenPortIsAnError() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThatThrownBy(() -> EmbeddedKafka.start(dir, taken.getLocalPort(), Map.of()))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("port " + taken.getLocalPort());
        }
    }

    private static String clusterId(EmbeddedKafka kafka) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrap()))) {
            return admin.describeCluster().clusterId().get();
        }
    }

    private static void createTopic(EmbeddedKafka kafka) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrap()))) {
            admin.createTopics(List.of(new NewTopic(PARTITION.topic(), 1, (short) -1)))
                    .all()
                    .get();
        }
    }

    private static void sendInTransaction(EmbeddedKafka kafka, byte[] value) {
        Map<String, Object> config =
                Map.of("bootstrap.servers", kafka.bootstrap(), "transactional.id", "test", "max.request.size", 5 << 20);
        try (var producer = new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer())) {
            producer.initTransactions();
            producer.beginTransaction();
            producer.send(new ProducerRecord<>(PARTITION.topic(), value));
            producer.commitTransaction();
        }
    }

    /** Lengths of all values, once so many are committed. */
    private static List<Integer> readCommitted(EmbeddedKafka kafka, int count) {
        Map<String, Object> config = Map.of(
                "bootstrap.servers", kafka.bootstrap(),
                "isolation.level", "read_committed",
                "auto.offset.reset", "earliest");
        List<Integer> lengths = new ArrayList<>();
        try (var consumer = new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            consumer.assign(List.of(PARTITION));
            await().until(() -> {
                consumer.poll(Duration.ofMillis(100)).forEach(record -> lengths.add(record.value().length));
                return lengths.size() >= count;
            });
        }
        return lengths;
    }

    private static void copy(Path from, Path to) throws IOException {
        List<Path> all;
        try (Stream<Path> paths = Files.walk(from)) {
            all = paths.toList();
        }
        for (Path path : all) {
            Files.copy(path, to.resolve(from.relativize(path).toString()), StandardCopyOption.COPY_ATTRIBUTES);
        }
    }
}
