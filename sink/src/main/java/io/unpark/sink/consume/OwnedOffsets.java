package io.unpark.sink.consume;

import io.unpark.sink.store.AnomalyStore;
import io.unpark.sink.store.OffsetAdvance;
import io.unpark.sink.store.SourcePartition;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;

/**
 * The partitions this sink owns, and the offset that the database holds for each. The database alone says where to read;
 * what Kafka has of the group is for lag tools.
 */
final class OwnedOffsets {
    private record Owned(SourcePartition source, long stored) {}

    private final AnomalyStore store;
    private final SourceIdentities identities;
    private final Map<TopicPartition, Owned> owned = new HashMap<>();

    OwnedOffsets(AnomalyStore store, SourceIdentities identities) {
        this.store = store;
        this.identities = identities;
    }

    /** Takes partitions (again), and moves the consumer to where the database is. */
    void seek(Consumer<?, ?> consumer, Collection<TopicPartition> partitions) {
        Map<TopicPartition, SourcePartition> sources = identities.of(partitions);
        Map<SourcePartition, Long> stored = store.nextOffsets(sources.values());
        Map<TopicPartition, Long> beginnings = consumer.beginningOffsets(partitions);
        Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
        sources.forEach((partition, source) -> {
            long offset = stored.getOrDefault(source, OffsetAdvance.ABSENT);
            owned.put(partition, new Owned(source, offset));
            // What retention or a lost replica took before it was read is gone: going on beats standing still.
            consumer.seek(
                    partition, Math.max(beginnings.get(partition), Math.min(Math.max(offset, 0), ends.get(partition))));
        });
    }

    void drop(Collection<TopicPartition> partitions) {
        owned.keySet().removeAll(partitions);
    }

    /**
     * Whether a topic was deleted and created again under the consumer. Throws Kafka's exceptions when the cluster does
     * not say.
     */
    boolean outdated() {
        Map<TopicPartition, SourcePartition> now = identities.of(Set.copyOf(owned.keySet()));
        return now.entrySet().stream()
                .anyMatch(entry -> !owned.get(entry.getKey()).source().equals(entry.getValue()));
    }

    /** The steps from the database's offsets to the consumer's positions, which lie behind transaction markers too. */
    List<OffsetAdvance> steps(Consumer<?, ?> consumer) {
        List<OffsetAdvance> steps = new ArrayList<>();
        owned.forEach((partition, o) -> {
            long position = consumer.position(partition);
            if (position != Math.max(o.stored(), 0)) {
                steps.add(new OffsetAdvance(o.source(), o.stored(), position));
            }
        });
        return steps;
    }

    /** The database took the steps. */
    void taken(List<OffsetAdvance> steps) {
        for (OffsetAdvance step : steps) {
            owned.put(
                    new TopicPartition(step.source().topic(), step.source().partition()),
                    new Owned(step.source(), step.next()));
        }
    }
}
