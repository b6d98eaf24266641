package io.unpark.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TransactionListing;
import org.apache.kafka.clients.admin.TransactionState;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class KilledBrokerTest {
    private static final String TOPIC = "t";
    private static final int PARTITIONS = 40;
    private static final int WRITERS = 8;
    private static final int KILLS = 2;

    @TempDir
    Path dir;

    @Test
    void noTransactionOfAKilledProcessStaysOpen() throws Exception {
        Path data = dir.resolve("data");
        for (int kill = 1; kill <= KILLS; kill++) {
            // Given a process that was killed among transactions over many partitions
            Process process = start(data);
            try {
                await().atMost(Duration.ofMinutes(3))
                        .until(() -> committed(data) >= 20 * WRITERS || !process.isAlive());
                assertThat(process.isAlive()).as("killed, not ended by itself").isTrue();
            } finally {
                process.destroyForcibly().waitFor();
            }

            // When the broker starts again on its folder
            try (EmbeddedKafka kafka = EmbeddedKafka.start(data);
                    Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrap()))) {
                // Then the coordinator ends what was being ended, and no partition holds one open that it has forgotten
                await().atMost(Duration.ofSeconds(30))
                        .until(() -> beingEnded(admin).isEmpty());
                for (int writer = 0; writer < WRITERS; writer++) {
                    endTheLast(kafka, writer);
                }
                await("kill " + kill)
                        .atMost(Duration.ofSeconds(10))
                        .until(() -> heldOpen(admin).isEmpty());
            }
            Files.delete(count(data));
        }
    }

    /** Opens and closes a writer's transactional id, which aborts the one it was killed in. */
    private static void endTheLast(EmbeddedKafka kafka, int writer) {
        try (var producer = producer(kafka, writer)) {
            producer.initTransactions();
        }
    }

    private static List<TransactionListing> beingEnded(Admin admin) throws Exception {
        return admin.listTransactions().all().get().stream()
                .filter(listing -> listing.state() == TransactionState.PREPARE_COMMIT
                        || listing.state() == TransactionState.PREPARE_ABORT)
                .toList();
    }

    /** Partitions whose end for readers of committed records lies before their end. */
    private static List<TopicPartition> heldOpen(Admin admin) throws Exception {
        List<TopicPartition> all = IntStream.range(0, PARTITIONS)
                .mapToObj(partition -> new TopicPartition(TOPIC, partition))
                .toList();
        var producers = admin.describeProducers(all).all().get();
        List<TopicPartition> open = new ArrayList<>();
        for (TopicPartition partition : all) {
            if (producers.get(partition).activeProducers().stream()
                    .anyMatch(state -> state.currentTransactionStartOffset().isPresent())) {
                open.add(partition);
            }
        }
        return open;
    }

    private static Process start(Path data) throws IOException {
        return new ProcessBuilder(
                        ProcessHandle.current().info().command().orElseThrow(),
                        "-Xmx256m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Writers.class.getName(),
                        data.toString())
                .redirectErrorStream(true)
                .redirectOutput(data.resolveSibling("out").toFile())
                .start();
    }

    private static Path count(Path data) {
        return data.resolve("committed");
    }

    private static long committed(Path data) throws IOException {
        return Files.exists(count(data)) ? Files.size(count(data)) : 0;
    }

    private static KafkaProducer<byte[], byte[]> producer(EmbeddedKafka kafka, int writer) {
        return new KafkaProducer<>(
                Map.of("bootstrap.servers", kafka.bootstrap(), "transactional.id", "writer-" + writer, "linger.ms", 0),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }

    /** A broker and producers that commit one transaction after the other, until the process is killed. */
    static final class Writers {
        public static void main(String[] args) throws Exception {
            Path data = Path.of(args[0]);
            EmbeddedKafka kafka = EmbeddedKafka.start(data);
            try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrap()))) {
                if (!admin.listTopics().names().get().contains(TOPIC)) {
                    admin.createTopics(List.of(new NewTopic(TOPIC, PARTITIONS, (short) -1)))
                            .all()
                            .get();
                }
            }
            OutputStream count = Files.newOutputStream(count(data));
            for (int writer = 0; writer < WRITERS; writer++) {
                int number = writer;
                new Thread(() -> write(kafka, number, count)).start();
            }
        }

        private static void write(EmbeddedKafka kafka, int writer, OutputStream count) {
            try (var producer = producer(kafka, writer)) {
                producer.initTransactions();
                while (true) {
                    producer.beginTransaction();
                    for (int partition = 0; partition < PARTITIONS; partition++) {
                        producer.send(new ProducerRecord<>(TOPIC, partition, null, new byte[10]));
                    }
                    producer.commitTransaction();
                    count.write(1);
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
