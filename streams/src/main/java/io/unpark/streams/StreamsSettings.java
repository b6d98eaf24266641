package io.unpark.streams;

import static org.apache.kafka.streams.StreamsConfig.consumerPrefix;
import static org.apache.kafka.streams.StreamsConfig.producerPrefix;

import io.unpark.schemas.Topics;
import java.util.Properties;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.streams.StreamsConfig;

/** The settings of Kafka Streams that follow from what the topologies need. */
final class StreamsSettings {
    /** Streams buffers up to 1,000 records a partition by default: with chunks of megabytes that is gigabytes. */
    private static final int BUFFERED_RECORDS = 16;

    private static final int MAX_POLL_RECORDS = 64;
    /** Of one fetch over all partitions, as the broker counts: compressed. */
    private static final int FETCH_BYTES = 8 << 20;
    /**
     * Between two commits a partition gets hundreds of small records; Kafka's 16 KiB hold a handful, and each batch is compressed, sent and
     * stored by itself. Of the producer's memory (32 MiB) each partition that is written to takes one.
     */
    private static final int BATCH_BYTES = 128 << 10;
    /** Of zstd: the default, 3, costs more than the larger batches save. */
    private static final int COMPRESSION_LEVEL = 1;

    /** After a crash the tasks move, or come back, when this is over. */
    private static final int SESSION_TIMEOUT_MS = 10_000;

    private static final int HEARTBEAT_MS = 3_000;
    private static final String CLASSIC = "classic";

    /** We have no global stores; without it Streams warns. By name: the constant is deprecated, as the next major has no choice. */
    private static final String HANDLER_FOR_GLOBAL_STORES = "processing.exception.handler.global.enabled";

    private StreamsSettings() {}

    static Properties of(StreamsOptions options, DeadLetters deadLetters) {
        Properties settings = new Properties();
        settings.put(StreamsConfig.GROUP_PROTOCOL_CONFIG, CLASSIC);
        settings.put(StreamsConfig.STATE_DIR_CONFIG, options.stateDir().toString());
        settings.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, options.threads());
        settings.put(
                StreamsConfig.COMMIT_INTERVAL_MS_CONFIG,
                options.commitInterval().toMillis());
        settings.put(StreamsConfig.TOPOLOGY_OPTIMIZATION_CONFIG, StreamsConfig.NO_OPTIMIZATION);
        settings.put(StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG, 0L);
        settings.put(StreamsConfig.ROCKSDB_CONFIG_SETTER_CLASS_CONFIG, BoundedRocksDb.class);
        // No result depends on the order between chunks and race reports: nobody waits for the other topic.
        settings.put(StreamsConfig.MAX_TASK_IDLE_MS_CONFIG, StreamsConfig.MAX_TASK_IDLE_MS_DISABLED);
        boundBuffers(settings);

        settings.put(producerPrefix(ProducerConfig.COMPRESSION_TYPE_CONFIG), Topics.COMPRESSION);
        settings.put(producerPrefix(ProducerConfig.COMPRESSION_ZSTD_LEVEL_CONFIG), COMPRESSION_LEVEL);
        settings.put(producerPrefix(ProducerConfig.BATCH_SIZE_CONFIG), BATCH_BYTES);
        settings.put(producerPrefix(ProducerConfig.MAX_REQUEST_SIZE_CONFIG), Topics.MAX_REQUEST_BYTES);
        settings.putAll(options.kafka());
        if (CLASSIC.equals(settings.get(StreamsConfig.GROUP_PROTOCOL_CONFIG))) {
            // With the newer protocol the broker's configuration of the group decides.
            settings.putIfAbsent(consumerPrefix(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG), SESSION_TIMEOUT_MS);
            settings.putIfAbsent(consumerPrefix(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG), HEARTBEAT_MS);
        }
        settings.put(StreamsConfig.APPLICATION_ID_CONFIG, options.applicationId());
        settings.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
        settings.put(StreamsConfig.DESERIALIZATION_EXCEPTION_HANDLER_CLASS_CONFIG, PoisonDeserializationHandler.class);
        settings.put(StreamsConfig.PROCESSING_EXCEPTION_HANDLER_CLASS_CONFIG, PoisonProcessingHandler.class);
        settings.put(HANDLER_FOR_GLOBAL_STORES, true);
        settings.put(DeadLetters.CONFIG, deadLetters);
        return settings;
    }

    private static void boundBuffers(Properties settings) {
        settings.put(StreamsConfig.BUFFERED_RECORDS_PER_PARTITION_CONFIG, BUFFERED_RECORDS);
        settings.put(consumerPrefix(ConsumerConfig.MAX_POLL_RECORDS_CONFIG), MAX_POLL_RECORDS);
        settings.put(consumerPrefix(ConsumerConfig.FETCH_MAX_BYTES_CONFIG), FETCH_BYTES);
        settings.put(
                consumerPrefix(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG), Topics.TRACE_CHUNKS.maxMessageBytes());
    }
}
