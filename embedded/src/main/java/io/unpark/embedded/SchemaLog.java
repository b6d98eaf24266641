package io.unpark.embedded;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.unpark.schemas.registry.RegisteredSchema;
import io.unpark.schemas.registry.SchemaCatalog;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * Versions of subjects in a compacted topic of one partition, as JSON in Confluent's layout: key {@code {"keytype":"SCHEMA",
 * "subject":…,"version":…,"magic":1}}, value {@code {"subject":…,"version":…,"id":…,"schema":…,"deleted":false}}.
 */
final class SchemaLog implements AutoCloseable {
    static final String TOPIC = "_schemas";
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final TopicPartition PARTITION = new TopicPartition(TOPIC, 0);
    private static final int MAX_MESSAGE_BYTES = 5 * SchemaCatalog.MAX_SCHEMA_LENGTH;
    private static final Duration TIMEOUT = Duration.ofSeconds(8); // less than a registry client's 10 s

    private final String bootstrap;
    private final KafkaProducer<String, String> producer;

    /** Makes the topic when it is absent. @throws KafkaException when the broker does not answer or refuses */
    SchemaLog(String bootstrap) {
        this.bootstrap = bootstrap;
        createTopic(bootstrap);
        this.producer = new KafkaProducer<>(
                Map.of(
                        "bootstrap.servers",
                        bootstrap,
                        "acks",
                        "all",
                        "max.request.size",
                        MAX_MESSAGE_BYTES,
                        "max.block.ms",
                        TIMEOUT.toMillis() / 2,
                        "request.timeout.ms",
                        (int) TIMEOUT.toMillis() / 4,
                        "delivery.timeout.ms",
                        (int) TIMEOUT.toMillis() / 2),
                new StringSerializer(),
                new StringSerializer());
    }

    /** Gives everything that is in the topic now, oldest first. */
    void read(Consumer<RegisteredSchema> each) {
        Map<String, Object> config = Map.of("bootstrap.servers", bootstrap, "auto.offset.reset", "earliest");
        try (KafkaConsumer<String, String> consumer =
                new KafkaConsumer<>(config, new StringDeserializer(), new StringDeserializer())) {
            consumer.assign(List.of(PARTITION));
            consumer.seekToBeginning(List.of(PARTITION));
            long end = consumer.endOffsets(List.of(PARTITION)).get(PARTITION);
            long deadlineNs = System.nanoTime() + 4 * TIMEOUT.toNanos();
            while (consumer.position(PARTITION) < end) {
                for (ConsumerRecord<String, String> found : consumer.poll(Duration.ofMillis(100))) {
                    parse(found, each);
                }
                if (System.nanoTime() > deadlineNs) {
                    throw new TimeoutException(TOPIC + " could not be read to its end");
                }
            }
        }
    }

    /** Returns once the broker has it. @throws KafkaException when that is not sure: it may or may not be there */
    void append(RegisteredSchema added) {
        String key = JSON.createObjectNode()
                .put("keytype", "SCHEMA")
                .put("subject", added.subject())
                .put("version", added.version())
                .put("magic", 1)
                .toString();
        String value = JSON.createObjectNode()
                .put("subject", added.subject())
                .put("version", added.version())
                .put("id", added.id())
                .put("schema", added.schema().toString())
                .put("deleted", false)
                .toString();
        try {
            producer.send(new ProducerRecord<>(TOPIC, 0, key, value)).get();
        } catch (ExecutionException e) {
            throw new KafkaException("schema could not be stored", e.getCause());
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }

    @Override
    public void close() {
        producer.close(Duration.ZERO); // append waits for each record, so nothing is left to send
    }

    private static void createTopic(String bootstrap) {
        NewTopic topic = new NewTopic(TOPIC, 1, (short) -1)
                .configs(Map.of("cleanup.policy", "compact", "max.message.bytes", Integer.toString(MAX_MESSAGE_BYTES)));
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrap))) {
            admin.createTopics(List.of(topic)).all().get();
        } catch (ExecutionException e) {
            if (!(e.getCause() instanceof TopicExistsException)) {
                throw new KafkaException("cannot create " + TOPIC, e.getCause());
            }
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }

    /** Passes over what Confluent's registry also keeps there: settings, deletions, no-operations. */
    private static void parse(ConsumerRecord<String, String> found, Consumer<RegisteredSchema> each) {
        try {
            JsonNode key = JSON.readTree(found.key());
            if (found.value() == null || !key.path("keytype").asText().equals("SCHEMA")) {
                return;
            }
            JsonNode value = JSON.readTree(found.value());
            each.accept(new RegisteredSchema(
                    value.path("subject").asText(),
                    value.path("id").asInt(),
                    value.path("version").asInt(),
                    SchemaCatalog.parse(value.path("schema").asText())));
        } catch (JsonProcessingException | KafkaException e) {
            throw new KafkaException(TOPIC + " holds no schema at offset " + found.offset(), e);
        }
    }
}
