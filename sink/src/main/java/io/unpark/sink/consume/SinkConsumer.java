package io.unpark.sink.consume;

import io.unpark.sink.store.AnomalyStore;
import io.unpark.sink.store.OffsetAdvance;
import io.unpark.sink.store.StaleOwnerException;
import io.unpark.sink.store.StoreException;
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the topics into the store on a thread of its own. Rows and offsets go in one transaction, so each record has
 * effect once, whatever fails between. What cannot be kept is counted and skipped; what may work later is tried again.
 */
final class SinkConsumer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SinkConsumer.class);
    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);
    /** How often it is asked whether a topic was deleted and created again. */
    private static final long IDENTITY_CHECK_MS = 30_000;

    private final Map<String, Object> settings;
    private final Admin admin;
    private final SinkTopics topics;
    private final AnomalyStore store;
    private final Clock clock;
    private final Runnable afterCommit;
    private final ConsumerStatus status;
    private final SinkMetrics metrics;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Backoff backoff = new Backoff(closed);
    private final Thread thread = new Thread(this::run, "unpark-sink");
    private long identitiesCheckedMs;

    /**
     * @param connection how to reach Kafka
     * @param afterCommit called after each transaction, on the consumer's thread
     */
    SinkConsumer(
            Map<String, ?> connection,
            String groupId,
            Admin admin,
            SinkTopics topics,
            AnomalyStore store,
            Clock clock,
            SinkMetrics metrics,
            Runnable afterCommit) {
        this.settings = ConsumerSettings.rows(connection, groupId);
        this.admin = admin;
        this.topics = topics;
        this.store = store;
        this.clock = clock;
        this.metrics = metrics;
        this.afterCommit = afterCommit;
        this.status = new ConsumerStatus(new RateMeter(clock));
    }

    void start() {
        thread.start();
    }

    ConsumerStatus status() {
        return status;
    }

    private boolean open() {
        return closed.getCount() > 0;
    }

    private void run() {
        while (open()) {
            OwnedOffsets offsets = new OwnedOffsets(store, new SourceIdentities(admin));
            try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(settings)) {
                consumer.subscribe(topics.names(), new Rebalances(consumer, offsets));
                while (open()) {
                    step(consumer, offsets);
                }
                consumer.close(CloseOptions.timeout(CLOSE_TIMEOUT));
            } catch (RuntimeException | StaleOwnerException e) {
                // The consumer's own state may be part of the trouble: the next one starts from the database.
                failed(e);
            }
        }
    }

    private void step(Consumer<byte[], byte[]> consumer, OwnedOffsets offsets) throws StaleOwnerException {
        ConsumerRecords<byte[], byte[]> records = consumer.poll(POLL);
        try {
            process(consumer, offsets, records);
            backoff.reset();
            if (clock.millis() - identitiesCheckedMs > IDENTITY_CHECK_MS) {
                identitiesCheckedMs = clock.millis();
                if (offsets.outdated()) {
                    offsets.seek(consumer, consumer.assignment());
                }
            }
        } catch (StoreException | KafkaException | StaleOwnerException e) {
            failed(e);
            offsets.seek(consumer, consumer.assignment());
        }
    }

    private void process(
            Consumer<byte[], byte[]> consumer, OwnedOffsets offsets, ConsumerRecords<byte[], byte[]> records)
            throws StaleOwnerException {
        List<OffsetAdvance> steps = offsets.steps(consumer);
        if (!steps.isEmpty()) {
            long startNs = System.nanoTime();
            BatchReader reader = new BatchReader(topics, clock);
            write(reader, records, steps);
            metrics.batches().record(Duration.ofNanos(System.nanoTime() - startNs));
            offsets.taken(steps);
            reader.counts().forEach(metrics::read);
            for (BadRecord bad : reader.bad()) {
                LOG.warn("Skipped {}-{}@{}: {}", bad.topic(), bad.partition(), bad.offset(), bad.reason());
                metrics.bad(bad.topic());
            }
            consumer.commitAsync(groupOffsets(steps), null);
            status.committed(reader.counts(), reader.bad());
            afterCommit.run();
        }
        observe(consumer);
    }

    private void write(BatchReader reader, Iterable<ConsumerRecord<byte[], byte[]>> records, List<OffsetAdvance> steps)
            throws StaleOwnerException {
        try {
            store.write(reader.read(records).with(steps));
        } catch (StoreException e) {
            if (!e.refusesValue()) {
                throw e;
            }
            // One record is at fault: find it, so that it costs itself and not the partition.
            store.write(reader.readAccepted(records, this::keeps).with(steps));
        }
    }

    /** Whether the database takes the rows of one record. Rows may go in before their offset: they are keyed. */
    private boolean keeps(BatchRows rows) {
        try {
            store.write(rows.with(List.of()));
            return true;
        } catch (StoreException e) {
            if (e.refusesValue()) {
                return false;
            }
            throw e;
        } catch (StaleOwnerException e) {
            throw new IllegalStateException("no offset was given", e);
        }
    }

    private static Map<TopicPartition, OffsetAndMetadata> groupOffsets(List<OffsetAdvance> steps) {
        Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
        for (OffsetAdvance step : steps) {
            offsets.put(
                    new TopicPartition(step.source().topic(), step.source().partition()),
                    new OffsetAndMetadata(step.next()));
        }
        return offsets;
    }

    private void observe(Consumer<?, ?> consumer) {
        List<PartitionStatus> now = consumer.assignment().stream()
                .map(partition -> new PartitionStatus(
                        partition.topic(),
                        partition.partition(),
                        consumer.position(partition),
                        consumer.currentLag(partition).orElse(-1)))
                .toList();
        status.observed(now);
        metrics.lag(now);
    }

    private void failed(Exception e) {
        if (e instanceof WakeupException || !open()) {
            return;
        }
        LOG.warn("Trying again: {}", e.toString());
        LOG.debug("The failure in full", e);
        status.failed(e.getClass().getSimpleName() + ": " + e.getMessage());
        metrics.failed(e.getClass().getSimpleName());
        backoff.await();
    }

    @Override
    public void close() {
        closed.countDown();
        try {
            thread.join(CLOSE_TIMEOUT.multipliedBy(2).toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Follows the group's assignments; the database says where to begin. */
    private final class Rebalances implements ConsumerRebalanceListener {
        private final Consumer<?, ?> consumer;
        private final OwnedOffsets offsets;

        Rebalances(Consumer<?, ?> consumer, OwnedOffsets offsets) {
            this.consumer = consumer;
            this.offsets = offsets;
        }

        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
            offsets.seek(consumer, partitions);
            status.assigned();
        }

        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
            offsets.drop(partitions);
        }
    }
}
