package io.unpark.ingest;

import io.unpark.embedded.EmbeddedKafka;
import io.unpark.schemas.TopicAdmin;
import io.unpark.schemas.TopicLayout;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** A real broker with the topics, and all that lies on one of them. */
final class Broker implements AutoCloseable {
    private final EmbeddedKafka kafka;

    Broker(Path dataDir) throws IOException {
        kafka = EmbeddedKafka.start(dataDir);
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrap()))) {
            new TopicAdmin(admin, TopicLayout.DEFAULT, Duration.ofSeconds(30)).create();
        }
    }

    String bootstrap() {
        return kafka.bootstrap();
    }

    /** Every record of the topic under the key, in order. */
    List<ConsumerRecord<byte[], byte[]>> records(String topic, String key) {
        Map<String, Object> config = Map.of("bootstrap.servers", kafka.bootstrap());
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                    .map(info -> new TopicPartition(topic, info.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            List<ConsumerRecord<byte[], byte[]>> found = new ArrayList<>();
            while (partitions.stream().anyMatch(partition -> consumer.position(partition) < ends.get(partition))) {
                consumer.poll(Duration.ofSeconds(1)).forEach(found::add);
            }
            found.removeIf(record -> !key.equals(new String(record.key(), StandardCharsets.UTF_8)));
            return found;
        }
    }

    @Override
    public void close() {
        kafka.close();
    }
}
