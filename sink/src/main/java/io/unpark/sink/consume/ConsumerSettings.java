package io.unpark.sink.consume;

import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Kafka settings of the sink's consumers, on top of what reaches the cluster (addresses, TLS, SASL). */
final class ConsumerSettings {
    private static final int ROWS_AT_ONCE = 500;
    private static final int FETCH_BYTES = 8 * 1024 * 1024;
    private static final int PARTITION_FETCH_BYTES = 2 * 1024 * 1024;

    private ConsumerSettings() {}

    /** A sink that was killed gives way to its successor after this; Kafka's 45 s is a long time without a page. */
    private static final int SESSION_TIMEOUT_MS = 10_000;

    /** For rows: only committed records, at places that the database knows. */
    static Map<String, Object> rows(Map<String, ?> connection, String groupId) {
        Map<String, Object> settings = common(connection);
        settings.put(ConsumerConfig.GROUP_ID_CONFIG, groupId);
        settings.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, ROWS_AT_ONCE);
        settings.putIfAbsent(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, SESSION_TIMEOUT_MS);
        return settings;
    }

    /** For slices: few large records from named places, without a group. */
    static Map<String, Object> slices(Map<String, ?> connection) {
        Map<String, Object> settings = common(connection);
        settings.remove(ConsumerConfig.GROUP_ID_CONFIG);
        settings.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 4);
        return settings;
    }

    private static Map<String, Object> common(Map<String, ?> connection) {
        Map<String, Object> settings = new HashMap<>(connection);
        settings.put(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
        settings.put(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
        settings.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
        settings.put(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, FETCH_BYTES);
        settings.put(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, PARTITION_FETCH_BYTES);
        settings.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        return settings;
    }
}
