package io.unpark.sink.consume;

import io.micrometer.core.instrument.MeterRegistry;
import io.unpark.schemas.TopicLayout;
import io.unpark.schemas.registry.TopicSerdes;
import io.unpark.sink.store.AnomalyStore;
import io.unpark.sink.store.SliceStore;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.TopicPartition;

/** The consumer, the copier of slices and the question whether all is read, over one admin client. */
public final class SinkPipeline implements AutoCloseable {
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);

    private final Admin admin;
    private final SinkTopics topics;
    private final SinkConsumer consumer;
    private final SliceCopier copier;
    private final SliceStore slices;
    private final EndOfInput endOfInput;

    private SinkPipeline(
            Admin admin,
            SinkTopics topics,
            SinkConsumer consumer,
            SliceCopier copier,
            SliceStore slices,
            EndOfInput endOfInput) {
        this.admin = admin;
        this.topics = topics;
        this.consumer = consumer;
        this.copier = copier;
        this.slices = slices;
        this.endOfInput = endOfInput;
    }

    /**
     * Starts the threads.
     *
     * @param kafka how to reach the cluster
     */
    public static SinkPipeline start(
            Map<String, Object> kafka,
            TopicSerdes serdes,
            TopicLayout layout,
            String groupId,
            AnomalyStore store,
            SliceStore slices,
            Clock clock,
            MeterRegistry meters) {
        SinkMetrics metrics = new SinkMetrics(meters);
        Admin admin = Admin.create(kafka);
        SinkTopics topics = new SinkTopics(layout, serdes);
        metrics.expect(topics.names());
        SliceCopier copier = new SliceCopier(kafka, serdes, slices, metrics);
        SinkConsumer consumer = new SinkConsumer(kafka, groupId, admin, topics, store, clock, metrics, copier::wake);
        copier.start();
        consumer.start();
        return new SinkPipeline(admin, topics, consumer, copier, slices, new EndOfInput(admin, store));
    }

    public ConsumerStatus status() {
        return consumer.status();
    }

    /** Where every partition that becomes rows ends, transactions under way included. */
    public Map<TopicPartition, Long> ends() {
        return endOfInput.ends(topics.names());
    }

    /** Whether the database has all up to there. */
    public boolean processed(Map<TopicPartition, Long> ends) {
        return endOfInput.processed(ends);
    }

    /** Waits for that; false when it takes longer than {@code timeout}. */
    public boolean awaitProcessed(Map<TopicPartition, Long> ends, Duration timeout) throws InterruptedException {
        return endOfInput.await(ends, timeout.toMillis(), consumer.status());
    }

    /** Whether no slice waits to be copied. */
    public boolean slicesSettled() {
        return slices.pending(1).isEmpty();
    }

    @Override
    public void close() {
        consumer.close();
        copier.close();
        admin.close(CLOSE_TIMEOUT);
    }
}
