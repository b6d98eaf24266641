package io.unpark.ingest;

import io.unpark.schemas.InstanceKey;
import io.unpark.schemas.TopicLayout;
import io.unpark.schemas.Topics;
import io.unpark.schemas.record.Instance;
import io.unpark.schemas.record.ProfileSnapshot;
import io.unpark.schemas.record.RaceReport;
import io.unpark.schemas.record.TraceChunk;
import io.unpark.schemas.registry.RegistryException;
import io.unpark.schemas.registry.TopicSerdes;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.function.Function;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serializer;

/**
 * Sends what was taken in to the input topics, keyed by instance, and returns when the broker has acknowledged it. Thread-safe;
 * a record that was refused by a time limit may have arrived all the same, which readers know by its ids.
 */
public final class ChunkProducer implements ChunkSink, AutoCloseable {
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(10);

    private final Producer<byte[], byte[]> producer;
    private final String chunkTopic;
    private final String raceTopic;
    private final String profileTopic;
    private final String deadLetterTopic;
    private final Serializer<TraceChunk> chunks;
    private final Serializer<RaceReport> races;
    private final Serializer<ProfileSnapshot> profiles;
    private final AcceptedListener listener;

    /** As the other, nobody being told what was acknowledged. */
    public ChunkProducer(Map<String, ?> clientConfig, TopicLayout layout, TopicSerdes serdes) {
        this(clientConfig, layout, serdes, AcceptedListener.NONE);
    }

    /**
     * Does not connect yet.
     *
     * @param clientConfig Kafka client settings, {@code bootstrap.servers} at least; what makes the producer safe is not theirs to change
     * @param layout names of the topics
     * @param serdes Avro by the registry
     * @param listener told of what the broker has acknowledged
     */
    public ChunkProducer(
            Map<String, ?> clientConfig, TopicLayout layout, TopicSerdes serdes, AcceptedListener listener) {
        producer = new KafkaProducer<>(config(clientConfig), new ByteArraySerializer(), new ByteArraySerializer());
        chunkTopic = layout.name(Topics.TRACE_CHUNKS);
        raceTopic = layout.name(Topics.RACE_REPORTS);
        profileTopic = layout.name(Topics.PROFILE_SNAPSHOTS);
        deadLetterTopic = layout.name(Topics.TRACE_CHUNKS_DLQ);
        chunks = serdes.value(Topics.TRACE_CHUNKS).serializer();
        races = serdes.value(Topics.RACE_REPORTS).serializer();
        profiles = serdes.value(Topics.PROFILE_SNAPSHOTS).serializer();
        this.listener = listener;
    }

    static Map<String, Object> config(Map<String, ?> clientConfig) {
        Map<String, Object> config = new HashMap<>();
        // A push waits for its answer: give up before its client does.
        config.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, 10_000);
        config.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, 10_000);
        config.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, 20_000);
        config.put(ProducerConfig.LINGER_MS_CONFIG, 0);
        config.put(ProducerConfig.BUFFER_MEMORY_CONFIG, 64L << 20);
        config.putAll(clientConfig);
        config.put(ProducerConfig.ACKS_CONFIG, "all");
        config.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        config.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, Topics.COMPRESSION);
        config.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, Topics.MAX_REQUEST_BYTES);
        return config;
    }

    @Override
    public void accept(List<TraceChunk> parts) throws BrokerException {
        send(chunkTopic, parts, chunks, TraceChunk::getInstance);
        listener.accepted(parts);
    }

    /** As {@link #accept}, of race reports. */
    public void acceptReports(List<RaceReport> reports) throws BrokerException {
        send(raceTopic, reports, races, RaceReport::getInstance);
        listener.acceptedReports(reports);
    }

    /** As {@link #accept}, of profiles. */
    public void acceptProfiles(List<ProfileSnapshot> snapshots) throws BrokerException {
        send(profileTopic, snapshots, profiles, ProfileSnapshot::getInstance);
        listener.acceptedProfiles(snapshots);
    }

    /** Name of the topic of traces on this cluster. */
    String chunkTopic() {
        return chunkTopic;
    }

    /** Keeps refused bytes. Returns when they are safe. */
    void keepDeadLetters(byte[] key, List<byte[]> parts, List<? extends List<Header>> headers) throws BrokerException {
        List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>(parts.size());
        for (int i = 0; i < parts.size(); i++) {
            records.add(new ProducerRecord<>(deadLetterTopic, null, null, key, parts.get(i), headers.get(i)));
        }
        await(records);
    }

    @Override
    public void close() {
        producer.close(CLOSE_TIMEOUT);
        chunks.close();
        races.close();
        profiles.close();
    }

    private <T> void send(String topic, List<T> values, Serializer<T> serializer, Function<T, Instance> instance)
            throws BrokerException {
        List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>(values.size());
        try {
            for (T value : values) {
                byte[] key = InstanceKey.of(instance.apply(value)).encode().getBytes(StandardCharsets.UTF_8);
                records.add(new ProducerRecord<>(topic, key, serializer.serialize(topic, value)));
            }
        } catch (KafkaException e) {
            throw failed(topic, e);
        }
        await(records);
    }

    private void await(List<ProducerRecord<byte[], byte[]>> records) throws BrokerException {
        List<Future<RecordMetadata>> acknowledgements = new ArrayList<>(records.size());
        String topic = records.isEmpty() ? "" : records.get(0).topic();
        try {
            for (ProducerRecord<byte[], byte[]> record : records) {
                acknowledgements.add(producer.send(record));
            }
            for (Future<RecordMetadata> acknowledgement : acknowledgements) {
                acknowledgement.get();
            }
        } catch (ExecutionException e) {
            throw failed(topic, e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw failed(topic, e);
        } catch (KafkaException | IllegalStateException e) {
            throw failed(topic, e);
        }
    }

    private static BrokerException failed(String topic, Throwable cause) {
        return new BrokerException(isAway(cause), 0, "could not write to " + topic + ": " + cause.getMessage(), cause);
    }

    /** What does not depend on the record passes some day: brokers, registry and access rights come back. */
    private static boolean isAway(Throwable cause) {
        return !(cause instanceof RecordTooLargeException
                || cause instanceof InvalidTopicException
                || cause instanceof SerializationException
                || cause instanceof RegistryException);
    }
}
