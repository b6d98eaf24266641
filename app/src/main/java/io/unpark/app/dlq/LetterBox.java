package io.unpark.app.dlq;

import io.unpark.app.console.UserError;
import io.unpark.schemas.Topic;
import io.unpark.schemas.TopicLayout;
import io.unpark.schemas.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** The dead-letter topics of one installation, for reading. Methods throw {@link UserError} when the cluster does not answer. */
public final class LetterBox {
    private static final Duration ANSWER = Duration.ofSeconds(15);
    private static final Duration POLL = Duration.ofMillis(500);
    /** Without a record for so long, a partition that should have more is given up. */
    private static final Duration SILENCE = Duration.ofSeconds(30);

    private static final int FETCH_BYTES = 8 << 20;

    private final Map<String, Object> kafka;
    private final TopicLayout layout;

    /** @param kafka client settings by Kafka's names, {@code bootstrap.servers} among them */
    public LetterBox(Map<String, Object> kafka, TopicLayout layout) {
        this.kafka = Map.copyOf(kafka);
        this.layout = layout;
    }

    Map<String, Object> kafka() {
        return kafka;
    }

    TopicLayout layout() {
        return layout;
    }

    /** All dead-letter topics, or the one of this name: its own or its origin's, with or without the prefix. */
    public List<Topic<byte[], byte[]>> topics(String name) {
        if (name.isEmpty()) {
            return Topics.deadLetters();
        }
        List<Topic<byte[], byte[]>> named = Topics.deadLetters().stream()
                .filter(topic -> isNamed(topic, name)
                        || Topics.originOf(topic)
                                .filter(origin -> isNamed(origin, name))
                                .isPresent())
                .toList();
        if (named.isEmpty()) {
            throw UserError.usage("--topic takes one of " + Topics.deadLetters() + ", not " + name);
        }
        return named;
    }

    private boolean isNamed(Topic<?, ?> topic, String name) {
        return topic.name().equals(name) || layout.name(topic).equals(name);
    }

    /** What to do with the letters of one partition, in their order. */
    interface Reading {
        /** Where to begin; from the oldest letter when that is later. */
        long from(TopicPartition partition, long begin);

        /** @param before offset of the letter before, or where reading began less one: between them lies no letter */
        void letter(Letter letter, long before);
    }

    /** Reads what lay there when it was called; topics that are not there count as empty. */
    void read(List<Topic<byte[], byte[]>> topics, Selection selection, Reading reading) {
        try (KafkaConsumer<byte[], byte[]> consumer = consumer()) {
            for (Topic<byte[], byte[]> topic : topics) {
                for (TopicPartition partition : partitions(consumer, topic, selection)) {
                    readPartition(consumer, partition, selection, reading);
                }
            }
        } catch (KafkaException e) {
            throw trouble(e);
        }
    }

    private List<TopicPartition> partitions(KafkaConsumer<?, ?> consumer, Topic<?, ?> topic, Selection selection) {
        String name = layout.name(topic);
        List<TopicPartition> partitions = new ArrayList<>();
        List<PartitionInfo> known = consumer.partitionsFor(name, ANSWER);
        if (known != null) {
            known.stream()
                    .filter(it -> selection.hasPartition(it.partition()))
                    .forEach(it -> partitions.add(new TopicPartition(name, it.partition())));
        }
        partitions.sort((a, b) -> Integer.compare(a.partition(), b.partition()));
        return partitions;
    }

    private static void readPartition(
            KafkaConsumer<byte[], byte[]> consumer, TopicPartition partition, Selection selection, Reading reading) {
        consumer.assign(List.of(partition));
        long begin = consumer.beginningOffsets(List.of(partition), ANSWER).get(partition);
        long end = consumer.endOffsets(List.of(partition), ANSWER).get(partition);
        long from = Math.max(begin, reading.from(partition, begin));
        if (from >= end) {
            return;
        }
        consumer.seek(partition, from);
        long before = from - 1;
        long heardNs = System.nanoTime();
        while (consumer.position(partition) < end && before < selection.to()) {
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                heardNs = System.nanoTime();
                if (record.offset() < end) {
                    reading.letter(new Letter(record), before);
                    before = record.offset();
                }
            }
            if (System.nanoTime() - heardNs > SILENCE.toNanos()) {
                throw new KafkaException("no more records of " + partition + " after offset " + before);
            }
        }
    }

    private KafkaConsumer<byte[], byte[]> consumer() {
        Map<String, Object> settings = new HashMap<>(kafka);
        settings.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        settings.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        settings.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 100);
        settings.put(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, FETCH_BYTES);
        settings.put(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, FETCH_BYTES);
        settings.put(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, (int) ANSWER.toMillis());
        return new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    UserError trouble(KafkaException e) {
        if (isFenced(e)) {
            return UserError.environment(
                    "another redrive on this cluster took over; what this one had sent until then is"
                            + " done, the other does the rest");
        }
        String reason = e.getClass().getSimpleName();
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            reason = cause.getMessage() == null ? reason : cause.getMessage();
        }
        return UserError.environment("the cluster at " + kafka.get(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG)
                + " refused or did not answer: " + reason.lines().findFirst().orElse(reason)
                + "; check --bootstrap and --kafka-config");
    }

    /** Which of the two it is, and in how many wrappings, depends on the request that hears of it. */
    private static boolean isFenced(Throwable e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof ProducerFencedException || cause instanceof InvalidProducerEpochException) {
                return true;
            }
        }
        return false;
    }

    /** The letters that are selected, partition by partition, from the oldest. */
    public void each(List<Topic<byte[], byte[]>> topics, Selection selection, Consumer<Letter> each) {
        read(topics, selection, new Reading() {
            @Override
            public long from(TopicPartition partition, long begin) {
                return selection.from();
            }

            @Override
            public void letter(Letter letter, long before) {
                if (selection.has(letter)) {
                    each.accept(letter);
                }
            }
        });
    }
}
