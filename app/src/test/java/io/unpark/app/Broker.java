package io.unpark.app;

import io.unpark.embedded.EmbeddedKafka;
import io.unpark.embedded.EmbeddedRegistry;
import io.unpark.schemas.Topic;
import io.unpark.schemas.TopicAdmin;
import io.unpark.schemas.TopicLayout;
import io.unpark.schemas.registry.RegistryConfig;
import io.unpark.schemas.registry.TopicSerdes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** A broker and a registry in this process; each test has topics under a prefix of its own. */
final class Broker implements AutoCloseable {
    private final EmbeddedKafka kafka;
    private final EmbeddedRegistry registry;

    Broker(Path folder) throws IOException {
        kafka = EmbeddedKafka.start(folder);
        registry = EmbeddedRegistry.start(kafka.bootstrap(), 0);
    }

    String bootstrap() {
        return kafka.bootstrap();
    }

    String registry() {
        return registry.url();
    }

    Map<String, Object> client() {
        return Map.of("bootstrap.servers", bootstrap());
    }

    TopicSerdes serdes() {
        return TopicSerdes.of(RegistryConfig.of(registry()));
    }

    Admin admin() {
        return Admin.create(client());
    }

    TopicLayout topics(String prefix) {
        TopicLayout layout = TopicLayout.DEFAULT.withPrefix(prefix).withPartitions(2);
        try (Admin admin = admin()) {
            new TopicAdmin(admin, layout, Duration.ofSeconds(30)).create();
        }
        return layout;
    }

    static Header header(String name, String value) {
        return new RecordHeader(name, value.getBytes(StandardCharsets.UTF_8));
    }

    /** In order, in one go; returns when all are acknowledged. */
    void send(List<ProducerRecord<byte[], byte[]>> records) {
        Map<String, Object> settings = new HashMap<>(client());
        settings.put("max.request.size", 6 << 20);
        // One request at a time: a first one that must be retried would leave those behind it out of order.
        settings.put("max.in.flight.requests.per.connection", 1);
        try (var producer = new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
            var sent = records.stream().map(producer::send).toList();
            producer.flush();
            sent.forEach(one -> org.assertj.core.api.Assertions.assertThat(one).succeedsWithin(Duration.ZERO));
        }
    }

    void send(String topic, String key, byte[] value, Header... headers) {
        send(List.of(new ProducerRecord<>(
                topic, null, null, key.getBytes(StandardCharsets.UTF_8), value, List.of(headers))));
    }

    /** What is committed on a topic now, in the order of its partitions. */
    List<ConsumerRecord<byte[], byte[]>> read(TopicLayout layout, Topic<?, ?> topic) {
        Map<String, Object> settings = new HashMap<>(client());
        settings.put("isolation.level", "read_committed");
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        try (var consumer = new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor(layout.name(topic)).stream()
                    .map(it -> new TopicPartition(it.topic(), it.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (partitions.stream().anyMatch(it -> consumer.position(it) < ends.get(it))) {
                consumer.poll(Duration.ofMillis(100)).forEach(records::add);
            }
        }
        return records;
    }

    @Override
    public void close() {
        registry.close();
        kafka.close();
    }
}
