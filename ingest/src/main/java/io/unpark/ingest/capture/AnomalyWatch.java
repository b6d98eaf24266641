package io.unpark.ingest.capture;

import io.unpark.schemas.TopicLayout;
import io.unpark.schemas.Topics;
import io.unpark.schemas.record.Anomaly;
import io.unpark.schemas.registry.TopicSerdes;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.Deserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the anomalies as they come and lets them ask for traces. It belongs to no group and keeps no place: each collector reads all of
 * them from now on and asks the agents that wait at it, and what came while it was away is history.
 */
public final class AnomalyWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(AnomalyWatch.class);
    private static final Duration POLL = Duration.ofSeconds(1);
    private static final Duration RETRY = Duration.ofSeconds(5);
    private static final Duration END_WITHIN = Duration.ofSeconds(10);
    private static final int FETCH_BYTES = 2 << 20;

    private final Map<String, Object> settings;
    private final String topic;
    private final Deserializer<Anomaly> anomalies;
    private final AnomalyAsks asks;
    private final CountDownLatch closing = new CountDownLatch(1);
    private final CountDownLatch watching = new CountDownLatch(1);
    private final Thread thread;
    private volatile KafkaConsumer<byte[], byte[]> consumer;

    /**
     * Begins to watch, on a thread of its own.
     *
     * @param clientConfig what reaches the cluster
     * @param nowUnixNs the wall clock, nanoseconds since 1970 UTC
     */
    public AnomalyWatch(
            Map<String, ?> clientConfig,
            TopicLayout layout,
            TopicSerdes serdes,
            CaptureDesk desk,
            AskLimits limits,
            LongSupplier nowUnixNs) {
        settings = settings(clientConfig);
        topic = layout.name(Topics.ANOMALIES);
        anomalies = serdes.value(Topics.ANOMALIES).deserializer();
        asks = new AnomalyAsks(desk, limits, nowUnixNs);
        thread = new Thread(this::run, "unpark-anomaly-watch");
        thread.setDaemon(true);
        thread.start();
    }

    private static Map<String, Object> settings(Map<String, ?> clientConfig) {
        Map<String, Object> settings = new HashMap<>(clientConfig);
        settings.remove(ConsumerConfig.GROUP_ID_CONFIG);
        settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        settings.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "latest");
        settings.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        settings.put(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, FETCH_BYTES);
        settings.put(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, FETCH_BYTES);
        return settings;
    }

    /** What was done about the anomalies' records, by word; {@code asked} is a trace. */
    public Map<String, Long> outcomes() {
        return asks.outcomes();
    }

    /** Waits until it stands at the topic's end, from where on it sees everything; false when that takes longer. */
    boolean awaitWatching(Duration limit) throws InterruptedException {
        return watching.await(limit.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void run() {
        do {
            try (KafkaConsumer<byte[], byte[]> reader =
                    new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
                consumer = reader;
                watch(reader);
            } catch (WakeupException e) {
                return;
            } catch (KafkaException e) {
                LOG.warn("anomalies cannot be read from {}; trying again in {} s", topic, RETRY.toSeconds(), e);
            }
        } while (!ended(RETRY));
    }

    private void watch(KafkaConsumer<byte[], byte[]> reader) {
        List<TopicPartition> partitions = reader.partitionsFor(topic).stream()
                .map(it -> new TopicPartition(topic, it.partition()))
                .toList();
        reader.assign(partitions);
        reader.seekToEnd(partitions);
        partitions.forEach(reader::position); // seeking is lazy
        watching.countDown();
        while (!ended(Duration.ZERO)) {
            reader.poll(POLL).forEach(this::see);
        }
    }

    private void see(ConsumerRecord<byte[], byte[]> record) {
        if (record.value() == null) {
            return; // withdrawn
        }
        try {
            asks.see(anomalies.deserialize(topic, record.value()));
        } catch (SerializationException e) {
            LOG.warn("{}-{}@{} cannot be read", topic, record.partition(), record.offset(), e);
        }
    }

    private boolean ended(Duration wait) {
        try {
            return closing.await(wait.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        }
    }

    @Override
    public void close() {
        closing.countDown();
        KafkaConsumer<byte[], byte[]> reader = consumer;
        if (reader != null) {
            reader.wakeup();
        }
        try {
            thread.join(END_WITHIN.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        anomalies.close();
    }
}
