package io.unpark.sink.consume;

import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Turns polled records into rows; remembers what was bad among them until the batch is committed. */
final class BatchReader {
    private static final int REASON_CHARS_MAX = 300;

    private final SinkTopics topics;
    private final Clock clock;
    private final Map<String, Long> counts = new HashMap<>();
    private final List<BadRecord> bad = new ArrayList<>();

    BatchReader(SinkTopics topics, Clock clock) {
        this.topics = topics;
        this.clock = clock;
    }

    /** Rows of all that can be kept. Throws {@code KafkaException} when the registry does not answer. */
    BatchRows read(Iterable<ConsumerRecord<byte[], byte[]>> records) {
        counts.clear();
        bad.clear();
        BatchRows rows = new BatchRows();
        for (ConsumerRecord<byte[], byte[]> record : records) {
            counts.merge(record.topic(), 1L, Long::sum);
            try {
                topics.add(record, rows);
            } catch (BadRecordException e) {
                refuse(record, String.valueOf(e.getMessage()));
            }
        }
        return rows;
    }

    /** Rows of a batch without the records that the database refuses, which {@code keeps} tells. */
    BatchRows readAccepted(Iterable<ConsumerRecord<byte[], byte[]>> records, Predicate<BatchRows> keeps) {
        List<ConsumerRecord<byte[], byte[]>> accepted = new ArrayList<>();
        List<ConsumerRecord<byte[], byte[]>> refused = new ArrayList<>();
        for (ConsumerRecord<byte[], byte[]> record : records) {
            (keeps.test(read(List.of(record))) ? accepted : refused).add(record);
        }
        BatchRows rows = read(accepted);
        refused.forEach(record -> {
            counts.merge(record.topic(), 1L, Long::sum);
            refuse(record, "the database refuses a value of it");
        });
        return rows;
    }

    private void refuse(ConsumerRecord<byte[], byte[]> record, String reason) {
        String shortened = reason.length() > REASON_CHARS_MAX ? reason.substring(0, REASON_CHARS_MAX) : reason;
        bad.add(new BadRecord(record.topic(), record.partition(), record.offset(), shortened, clock.millis()));
    }

    /** Of the last batch, by topic. */
    Map<String, Long> counts() {
        return counts;
    }

    /** Of the last batch. */
    List<BadRecord> bad() {
        return bad;
    }
}
