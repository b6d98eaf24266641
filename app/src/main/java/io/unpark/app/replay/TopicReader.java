package io.unpark.app.replay;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Reads what is committed on a topic from its beginning to where its end is now. */
final class TopicReader {
    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration SILENCE = Duration.ofSeconds(60);

    private TopicReader() {}

    /** @throws org.apache.kafka.common.KafkaException when the cluster refuses or does not answer */
    static void read(Map<String, Object> kafka, String topic, Consumer<ConsumerRecord<byte[], byte[]>> to) {
        Map<String, Object> settings = new HashMap<>(kafka);
        settings.remove(ConsumerConfig.GROUP_ID_CONFIG);
        settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        settings.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        try (var consumer = new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            List<PartitionInfo> infos = consumer.partitionsFor(topic);
            if (infos == null || infos.isEmpty()) {
                throw new UnknownTopicOrPartitionException("the cluster has no topic " + topic);
            }
            List<TopicPartition> partitions = infos.stream()
                    .map(it -> new TopicPartition(topic, it.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            long movedNs = System.nanoTime();
            while (partitions.stream().anyMatch(it -> consumer.position(it) < ends.get(it))) {
                long before = positions(consumer, partitions);
                consumer.poll(POLL).forEach(to);
                if (positions(consumer, partitions) != before) {
                    movedNs = System.nanoTime();
                } else if (System.nanoTime() - movedNs > SILENCE.toNanos()) {
                    throw new TimeoutException(topic + " gives nothing for " + SILENCE.toSeconds() + " s");
                }
            }
        }
    }

    private static long positions(KafkaConsumer<byte[], byte[]> consumer, List<TopicPartition> partitions) {
        return partitions.stream().mapToLong(consumer::position).sum();
    }
}
