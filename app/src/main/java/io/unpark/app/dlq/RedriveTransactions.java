package io.unpark.app.dlq;

import io.unpark.schemas.TopicLayout;
import io.unpark.schemas.Topics;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsOptions;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsSpec;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * The transactions of a redrive. One transactional id for an installation: whoever begins later fences the earlier one off and ends
 * its transaction before it reads how far that came, so two redrives at once send no letter twice.
 */
final class RedriveTransactions implements AutoCloseable {
    private static final String NAME = "unpark-dlq-redrive";
    private static final int ANSWER_MS = 30_000;

    private final String group;
    private final Admin admin;
    private final ConsumerGroupMetadata groupMetadata;
    private final KafkaProducer<byte[], byte[]> producer;

    /** Connects; without a producer when nothing will be sent. */
    RedriveTransactions(Map<String, Object> kafka, TopicLayout layout, boolean readOnly) {
        group = layout.prefix() + NAME;
        admin = Admin.create(kafka);
        groupMetadata = groupMetadata(kafka);
        producer = readOnly ? null : producer(kafka);
    }

    /** Of a group without members; only a consumer makes one. It never connects. */
    private ConsumerGroupMetadata groupMetadata(Map<String, Object> kafka) {
        Map<String, Object> settings = new HashMap<>(kafka);
        settings.put(ConsumerConfig.GROUP_ID_CONFIG, group);
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            return consumer.groupMetadata();
        }
    }

    private KafkaProducer<byte[], byte[]> producer(Map<String, Object> kafka) {
        Map<String, Object> settings = new HashMap<>(kafka);
        settings.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, group);
        settings.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        settings.put(ProducerConfig.ACKS_CONFIG, "all");
        settings.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, Topics.COMPRESSION);
        settings.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, Topics.MAX_REQUEST_BYTES);
        settings.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, ANSWER_MS);
        // One at a time: a first request of a transaction that is told to come back must not be overtaken.
        settings.put(ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION, 1);
        KafkaProducer<byte[], byte[]> made =
                new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
        try {
            made.initTransactions();
            return made;
        } catch (KafkaException e) {
            made.close();
            admin.close();
            throw e;
        }
    }

    static Header redrives(int count) {
        return new RecordHeader(Letter.REDRIVES, Integer.toString(count).getBytes(StandardCharsets.UTF_8));
    }

    /** How far redrives came on a partition whose oldest letter is at {@code begin}. Waits for open transactions to end. */
    RedriveProgress progress(TopicPartition partition, long begin) {
        OffsetAndMetadata committed = committed(partition);
        RedriveProgress progress = committed == null
                ? new RedriveProgress(begin)
                : RedriveProgress.of(committed.offset(), committed.metadata());
        if (begin > 0) {
            progress.mark(0, begin - 1);
        }
        return progress;
    }

    private OffsetAndMetadata committed(TopicPartition partition) {
        ListConsumerGroupOffsetsSpec asked = new ListConsumerGroupOffsetsSpec().topicPartitions(List.of(partition));
        try {
            return admin.listConsumerGroupOffsets(
                            Map.of(group, asked), new ListConsumerGroupOffsetsOptions().requireStable(true))
                    .partitionsToOffsetAndMetadata(group)
                    .get(ANSWER_MS, TimeUnit.MILLISECONDS)
                    .get(partition);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof GroupIdNotFoundException) {
                return null;
            }
            throw e.getCause() instanceof KafkaException known ? known : new KafkaException(e.getCause());
        } catch (TimeoutException e) {
            throw new KafkaException("no answer about group " + group, e);
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }

    /** All of it, or nothing. */
    void send(List<ProducerRecord<byte[], byte[]>> records, Map<TopicPartition, RedriveProgress> progress) {
        Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
        progress.forEach((partition, at) -> offsets.put(partition, new OffsetAndMetadata(at.next(), at.metadata())));
        producer.beginTransaction();
        List<Future<RecordMetadata>> sent = records.stream().map(producer::send).toList();
        producer.flush();
        for (Future<RecordMetadata> one : sent) {
            require(one);
        }
        producer.sendOffsetsToTransaction(offsets, groupMetadata);
        producer.commitTransaction();
    }

    private static void require(Future<RecordMetadata> sent) {
        try {
            sent.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof KafkaException known ? known : new KafkaException(e.getCause());
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }

    /** An open transaction is aborted. */
    @Override
    public void close() {
        if (producer != null) {
            producer.close();
        }
        admin.close();
    }
}
