package io.unpark.schemas;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.apache.avro.Schema;
import org.apache.avro.specific.SpecificRecord;

/**
 * One topic as data; the constants are in {@link Topics}. Names and partitions here are the defaults, {@link TopicLayout}
 * tells those of one installation.
 *
 * @param <K> type of the key
 * @param <V> type of the value: a generated record, or {@code byte[]} for a dead-letter topic
 * @param name without prefix, such as {@code go-findings}
 * @param keyDescription what the key is, for people
 * @param keyClass {@code String}, or {@code byte[]} where a refused record's key is kept as it came
 * @param valueClass class of the value
 * @param partitions default number, from 1
 * @param cleanup what happens to old records
 * @param retention age at which a record goes ({@code DELETE}) or a tombstone goes ({@code COMPACT})
 * @param maxMessageBytes largest record batch as the broker counts it: compressed, with key and headers
 * @param compression Kafka's {@code compression.type}; a producer that sends the same spares the broker the work
 */
public record Topic<K, V>(
        String name,
        String keyDescription,
        Class<K> keyClass,
        Class<V> valueClass,
        int partitions,
        CleanupPolicy cleanup,
        Duration retention,
        int maxMessageBytes,
        String compression) {

    /** The value's schema as compiled in; empty for a dead-letter topic, whose bytes are whatever was refused. */
    public Optional<Schema> valueSchema() {
        return SpecificRecord.class.isAssignableFrom(valueClass)
                ? Optional.of(RecordModel.INSTANCE.getSchema(valueClass))
                : Optional.empty();
    }

    /** The settings to create the topic with, by Kafka's names. */
    public Map<String, String> config() {
        String retentionName = cleanup == CleanupPolicy.COMPACT ? "delete.retention.ms" : "retention.ms";
        return Map.of(
                "cleanup.policy",
                cleanup.configValue(),
                retentionName,
                Long.toString(retention.toMillis()),
                "max.message.bytes",
                Integer.toString(maxMessageBytes),
                "compression.type",
                compression);
    }

    @Override
    public String toString() {
        return name;
    }
}
