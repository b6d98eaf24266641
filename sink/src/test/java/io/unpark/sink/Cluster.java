package io.unpark.sink;

import io.unpark.embedded.EmbeddedKafka;
import io.unpark.embedded.EmbeddedRegistry;
import io.unpark.schemas.Topic;
import io.unpark.schemas.TopicAdmin;
import io.unpark.schemas.TopicLayout;
import io.unpark.schemas.registry.RegistryConfig;
import io.unpark.schemas.registry.TopicSerdes;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** A broker and a registry in this process, and a producer to both. */
public final class Cluster implements AutoCloseable {
    private final EmbeddedKafka kafka;
    private final EmbeddedRegistry registry;
    private final KafkaProducer<String, byte[]> producer;
    private final TopicSerdes serdes;

    public Cluster(Path folder) throws IOException {
        kafka = EmbeddedKafka.start(folder);
        registry = EmbeddedRegistry.start(kafka.bootstrap(), 0);
        serdes = TopicSerdes.of(RegistryConfig.of(registry.url()));
        producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", kafka.bootstrap(), "max.request.size", 6 << 20, "linger.ms", 0),
                new StringSerializer(),
                new ByteArraySerializer());
    }

    public String bootstrap() {
        return kafka.bootstrap();
    }

    public String registryUrl() {
        return registry.url();
    }

    /** Topics of its own, so that tests on one cluster do not see each other. */
    public TopicLayout createTopics(String prefix) {
        TopicLayout layout = TopicLayout.DEFAULT.withPrefix(prefix).withPartitions(2);
        try (Admin admin = admin()) {
            new TopicAdmin(admin, layout, Duration.ofSeconds(30)).create();
        }
        return layout;
    }

    public Admin admin() {
        return Admin.create(Map.of("bootstrap.servers", bootstrap()));
    }

    /** Sends a record, and waits until the broker has it. */
    public <V> RecordMetadata send(TopicLayout layout, Topic<String, V> topic, String key, V value) {
        String name = layout.name(topic);
        return sendBytes(
                name,
                key,
                value == null ? null : serdes.value(topic).serializer().serialize(name, value));
    }

    public RecordMetadata sendBytes(String topic, String key, byte[] value) {
        try {
            return producer.send(new ProducerRecord<>(topic, key, value)).get();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        producer.close();
        registry.close();
        kafka.close();
    }
}
