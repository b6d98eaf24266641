package io.unpark.sink.consume;

import io.unpark.analysis.model.ChunkRef;
import io.unpark.schemas.record.TraceChunk;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.Deserializer;

/** Finds a generation on the topic of chunks by the place of one of its parts. Not for use by several threads. */
final class ChunkReader {
    /** Parts of a generation lie close together; other instances' chunks and transaction markers lie between. */
    private static final long NEIGHBOURS_MAX = 512;

    private static final Duration POLL = Duration.ofMillis(500);
    private static final int EMPTY_POLLS_MAX = 20;

    private final Consumer<byte[], byte[]> consumer;
    private final Deserializer<TraceChunk> decoder;

    ChunkReader(Consumer<byte[], byte[]> consumer, Deserializer<TraceChunk> decoder) {
        this.consumer = consumer;
        this.decoder = decoder;
    }

    /**
     * All parts of a generation.
     *
     * @param sizeBytesMax of all parts
     * @throws SliceGoneException when it is not there or too large
     * @throws org.apache.kafka.common.KafkaException when Kafka or the registry does not answer
     */
    Generation read(ChunkRef ref, long sizeBytesMax) throws SliceGoneException {
        TopicPartition partition = new TopicPartition(ref.topic(), ref.partition());
        consumer.assign(List.of(partition));
        long begin = value(consumer.beginningOffsets(List.of(partition)));
        long end = value(consumer.endOffsets(List.of(partition)));
        if (ref.offset() < begin || ref.offset() >= end) {
            throw new SliceGoneException("generation " + ref.generation() + " is no longer in Kafka: " + ref.topic()
                    + "-" + ref.partition() + " holds the offsets from " + begin + " to " + (end - 1)
                    + ", it was at " + ref.offset());
        }
        Generation generation = new Generation();
        collect(partition, ref, ref.offset(), Math.min(end, ref.offset() + NEIGHBOURS_MAX), generation, sizeBytesMax);
        if (!generation.complete() && generation.misses(0)) {
            long earlier = Math.max(begin, ref.offset() - NEIGHBOURS_MAX);
            collect(partition, ref, earlier, ref.offset(), generation, sizeBytesMax);
        }
        if (!generation.complete()) {
            throw new SliceGoneException(
                    "generation " + ref.generation() + " is not whole in Kafka: parts of it are not near " + ref.topic()
                            + "-" + ref.partition() + "@" + ref.offset());
        }
        return generation;
    }

    private static long value(Map<TopicPartition, Long> offsets) {
        return offsets.values().iterator().next();
    }

    private void collect(
            TopicPartition partition, ChunkRef ref, long from, long to, Generation generation, long sizeBytesMax)
            throws SliceGoneException {
        consumer.seek(partition, from);
        int emptyPolls = 0;
        while (!generation.complete() && consumer.position(partition) < to) {
            var records = consumer.poll(POLL).records(partition);
            if (records.isEmpty() && ++emptyPolls > EMPTY_POLLS_MAX) {
                throw new TimeoutException("no records of " + partition + " from " + from + " come");
            }
            for (ConsumerRecord<byte[], byte[]> record : records) {
                add(record, ref, generation, sizeBytesMax);
            }
        }
    }

    private void add(ConsumerRecord<byte[], byte[]> record, ChunkRef ref, Generation generation, long sizeBytesMax)
            throws SliceGoneException {
        TraceChunk chunk = decode(record);
        boolean named =
                chunk != null && chunk.getCapture().equals(ref.capture()) && chunk.getGeneration() == ref.generation();
        if (!named) {
            if (record.offset() == ref.offset()) {
                throw new SliceGoneException("another chunk is at the place of generation " + ref.generation()
                        + " now: the topic was created anew");
            }
            return;
        }
        generation.add(chunk);
        if (generation.sizeBytes() > sizeBytesMax) {
            throw new SliceGoneException("generation " + ref.generation() + " alone is larger than the " + sizeBytesMax
                    + " bytes that are kept of a slice");
        }
    }

    private TraceChunk decode(ConsumerRecord<byte[], byte[]> record) {
        try {
            return decoder.deserialize(record.topic(), record.value());
        } catch (SerializationException e) {
            return null;
        }
    }
}
