package io.unpark.sink.consume;

import io.unpark.sink.store.AnomalyStore;
import io.unpark.sink.store.SourcePartition;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;

/** Whether all input is in the database: its offsets against the topics' ends, never a sleep. */
final class EndOfInput {
    private static final long LOOK_EVERY_MS = 100;

    private final Admin admin;
    private final AnomalyStore store;
    private final SourceIdentities identities;

    EndOfInput(Admin admin, AnomalyStore store) {
        this.admin = admin;
        this.store = store;
        this.identities = new SourceIdentities(admin);
    }

    /**
     * Where all partitions of these topics end, transactions under way included: a commit is acknowledged before its markers are
     * in every partition, so what readers may see just now can be less than what was acknowledged.
     */
    Map<TopicPartition, Long> ends(Collection<String> topics) {
        Map<TopicPartition, OffsetSpec> wanted = new HashMap<>();
        for (TopicDescription topic : identities.describe(topics).values()) {
            topic.partitions()
                    .forEach(partition ->
                            wanted.put(new TopicPartition(topic.name(), partition.partition()), OffsetSpec.latest()));
        }
        Map<TopicPartition, ListOffsetsResultInfo> answer = SourceIdentities.await(
                admin.listOffsets(wanted, new ListOffsetsOptions(IsolationLevel.READ_UNCOMMITTED))
                        .all());
        Map<TopicPartition, Long> ends = new HashMap<>();
        answer.forEach((partition, info) -> ends.put(partition, info.offset()));
        return ends;
    }

    /** Whether the database has all up to there. */
    boolean processed(Map<TopicPartition, Long> ends) {
        Map<TopicPartition, SourcePartition> sources = identities.of(List.copyOf(ends.keySet()));
        Map<SourcePartition, Long> stored = store.nextOffsets(sources.values());
        return ends.entrySet().stream()
                .allMatch(end -> stored.getOrDefault(sources.get(end.getKey()), 0L) >= end.getValue());
    }

    /** Waits for that. False when it takes longer. */
    boolean await(Map<TopicPartition, Long> ends, long timeoutMs, ConsumerStatus status) throws InterruptedException {
        long deadlineNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(timeoutMs);
        while (!processed(ends)) {
            if (System.nanoTime() - deadlineNs >= 0) {
                return false;
            }
            status.awaitCommit(LOOK_EVERY_MS);
        }
        return true;
    }
}
