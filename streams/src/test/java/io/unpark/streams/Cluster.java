package io.unpark.streams;

import static org.assertj.core.api.Assertions.assertThat;

import io.unpark.embedded.EmbeddedKafka;
import io.unpark.embedded.EmbeddedRegistry;
import io.unpark.schemas.Topic;
import io.unpark.schemas.TopicAdmin;
import io.unpark.schemas.TopicLayout;
import io.unpark.schemas.registry.HttpRegistryClient;
import io.unpark.schemas.registry.RegistryClient;
import io.unpark.schemas.registry.RegistryConfig;
import io.unpark.schemas.registry.TopicSerdes;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** A broker and a registry in this process. Tests share them, each with topics under a prefix of its own. */
final class Cluster implements AutoCloseable {
    private final EmbeddedKafka kafka;
    private final EmbeddedRegistry registry;
    private final KafkaProducer<String, byte[]> producer;
    private final List<Future<RecordMetadata>> sent = new ArrayList<>();
    final TopicSerdes serdes;

    Cluster(Path dataDir) throws IOException {
        kafka = EmbeddedKafka.start(dataDir);
        registry = EmbeddedRegistry.start(kafka.bootstrap(), 0);
        serdes = TopicSerdes.of(RegistryConfig.of(registry.url()));
        producer = new KafkaProducer<>(
                // One request at a time: a first one that must be retried would leave those behind it out of order.
                Map.of(
                        "bootstrap.servers",
                        kafka.bootstrap(),
                        "max.request.size",
                        6 << 20,
                        "linger.ms",
                        0,
                        "max.in.flight.requests.per.connection",
                        1),
                new StringSerializer(),
                new ByteArraySerializer());
    }

    Map<String, Object> clientConfig() {
        return Map.of("bootstrap.servers", kafka.bootstrap());
    }

    RegistryClient registryClient() {
        return new HttpRegistryClient(RegistryConfig.of(registry.url()));
    }

    TopicLayout createTopics(String prefix) {
        return createTopics(prefix, 2);
    }

    TopicLayout createTopics(String prefix, int partitions) {
        TopicLayout layout = TopicLayout.DEFAULT.withPrefix(prefix).withPartitions(partitions);
        try (Admin admin = Admin.create(clientConfig())) {
            new TopicAdmin(admin, layout, Duration.ofSeconds(30)).create();
        }
        return layout;
    }

    <V> void send(TopicLayout layout, Topic<String, V> topic, String key, V value) {
        sendRaw(layout, topic, key, serdes.value(topic).serializer().serialize(layout.name(topic), value));
    }

    /** With a time of acceptance of its own. */
    <V> void send(TopicLayout layout, Topic<String, V> topic, String key, V value, long timestampMs) {
        byte[] bytes = serdes.value(topic).serializer().serialize(layout.name(topic), value);
        sent.add(producer.send(new ProducerRecord<>(layout.name(topic), null, timestampMs, key, bytes)));
    }

    void sendRaw(TopicLayout layout, Topic<String, ?> topic, String key, byte[] value) {
        sent.add(producer.send(new ProducerRecord<>(layout.name(topic), key, value)));
    }

    /** Returns when everything sent so far is acknowledged: a test must not compare what never arrived. */
    void flush() {
        producer.flush();
        sent.forEach(record -> assertThat(record).succeedsWithin(Duration.ZERO));
        sent.clear();
    }

    /** Everything that is committed on a topic now. */
    List<ConsumerRecord<byte[], byte[]>> readAll(String topic) {
        Map<String, Object> config =
                Map.of("bootstrap.servers", kafka.bootstrap(), "isolation.level", "read_committed");
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        try (var consumer = new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                    .map(p -> new TopicPartition(topic, p.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (partitions.stream().anyMatch(p -> consumer.position(p) < ends.get(p))) {
                consumer.poll(Duration.ofMillis(100)).forEach(records::add);
            }
        }
        return records;
    }

    /** What a compacted topic says last of each key; without those it says nothing of. */
    <V> Map<String, V> readLast(TopicLayout layout, Topic<String, V> topic) {
        var values = serdes.value(topic).deserializer();
        Map<String, V> last = new LinkedHashMap<>();
        for (ConsumerRecord<byte[], byte[]> record : readAll(layout.name(topic))) {
            String key = new String(record.key(), java.nio.charset.StandardCharsets.UTF_8);
            if (record.value() == null) {
                last.remove(key);
            } else {
                last.put(key, values.deserialize(layout.name(topic), record.value()));
            }
        }
        return last;
    }

    @Override
    public void close() {
        producer.close();
        registry.close();
        kafka.close();
    }
}
