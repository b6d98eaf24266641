package io.unpark.streams;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.streams.processor.TimestampExtractor;

/**
 * A record's timestamp is when it was accepted, and nothing is decided by it. One without a timestamp takes that of the record
 * before it: Streams' default would stop the partition.
 */
final class AcceptanceTime implements TimestampExtractor {
    @Override
    public long extract(ConsumerRecord<Object, Object> record, long partitionTimeMs) {
        return record.timestamp() >= 0 ? record.timestamp() : Math.max(0, partitionTimeMs);
    }
}
