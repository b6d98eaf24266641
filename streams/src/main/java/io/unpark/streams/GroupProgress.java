package io.unpark.streams;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;

/**
 * How far a consumer group is, where transactions write. An end offset counts markers of transactions and aborted records,
 * which no reader ever gets, so a group that has read everything may stay below it: what lies between is then read, to know.
 * Not safe for use by several threads.
 */
final class GroupProgress implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(200);

    private final Admin admin;
    private final Consumer<byte[], byte[]> probe;
    private final String group;
    private final Map<TopicPartition, Long> lastCommitted = new HashMap<>();

    /**
     * Owns neither client until closed, then both.
     *
     * @param probe without a group, reading what is committed
     */
    GroupProgress(Admin admin, Consumer<byte[], byte[]> probe, String group) {
        this.admin = admin;
        this.probe = probe;
        this.group = group;
    }

    /** Everything that was written so far, open transactions too. */
    Map<TopicPartition, Long> written(Collection<String> topics) {
        return offsets(partitions(topics), OffsetSpec.latest(), IsolationLevel.READ_UNCOMMITTED);
    }

    /** Whether the group has committed all that readers can get below the targets, and no transaction is open there. */
    boolean reached(Map<TopicPartition, Long> targets) {
        List<TopicPartition> partitions = List.copyOf(targets.keySet());
        Map<TopicPartition, Long> committed = committed(partitions);
        List<TopicPartition> behind = new ArrayList<>();
        for (TopicPartition partition : partitions) {
            if (committed.get(partition) < targets.get(partition)) {
                behind.add(partition);
            }
        }
        if (behind.isEmpty()) {
            return true;
        }
        Map<TopicPartition, Long> stable = offsets(behind, OffsetSpec.latest(), IsolationLevel.READ_COMMITTED);
        boolean open = behind.stream().anyMatch(p -> stable.get(p) < targets.get(p));
        boolean moving = behind.stream().anyMatch(p -> !committed.get(p).equals(lastCommitted.get(p)));
        lastCommitted.putAll(committed);
        // Reading costs more than asking: only where the group has stopped, which is at a gap or because it is busy.
        return !open && !moving && behind.stream().allMatch(p -> isGap(p, committed.get(p), targets.get(p)));
    }

    /** Records, markers included, between what the group committed and what can be read; 0 when it has everything. */
    long lag(Collection<String> topics) {
        List<TopicPartition> partitions = partitions(topics);
        Map<TopicPartition, Long> committed = committed(partitions);
        Map<TopicPartition, Long> stable = offsets(partitions, OffsetSpec.latest(), IsolationLevel.READ_COMMITTED);
        return partitions.stream()
                .mapToLong(p -> Math.max(0, stable.get(p) - committed.get(p)))
                .sum();
    }

    private boolean isGap(TopicPartition partition, long from, long to) {
        probe.assign(List.of(partition));
        probe.seek(partition, from);
        while (probe.position(partition) < to) {
            long before = probe.position(partition);
            if (!probe.poll(POLL).records(partition).isEmpty()) {
                return false;
            }
            if (probe.position(partition) == before) {
                return false; // nothing came in time: ask again later
            }
        }
        return true;
    }

    /** Where the group has committed nothing, the start of what is still there. */
    private Map<TopicPartition, Long> committed(List<TopicPartition> partitions) {
        Map<TopicPartition, OffsetAndMetadata> known =
                get(admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata());
        Map<TopicPartition, Long> starts = offsets(partitions, OffsetSpec.earliest(), IsolationLevel.READ_UNCOMMITTED);
        Map<TopicPartition, Long> committed = new HashMap<>();
        for (TopicPartition partition : partitions) {
            OffsetAndMetadata at = known.get(partition);
            committed.put(partition, Math.max(starts.get(partition), at == null ? 0 : at.offset()));
        }
        return committed;
    }

    private List<TopicPartition> partitions(Collection<String> topics) {
        return get(admin.describeTopics(topics).allTopicNames()).values().stream()
                .flatMap(t -> t.partitions().stream().map(p -> new TopicPartition(t.name(), p.partition())))
                .toList();
    }

    private Map<TopicPartition, Long> offsets(List<TopicPartition> partitions, OffsetSpec spec, IsolationLevel level) {
        Map<TopicPartition, OffsetSpec> asked = partitions.stream().collect(Collectors.toMap(p -> p, p -> spec));
        Map<TopicPartition, ListOffsetsResultInfo> answer =
                get(admin.listOffsets(asked, new ListOffsetsOptions(level)).all());
        return answer.entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, entry -> entry.getValue().offset()));
    }

    private static <T> T get(KafkaFuture<T> future) {
        try {
            return future.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof KafkaException known ? known : new KafkaException(e.getCause());
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }

    @Override
    public void close() {
        probe.close();
        admin.close();
    }
}
