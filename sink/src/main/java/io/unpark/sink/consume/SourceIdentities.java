package io.unpark.sink.consume;

import io.unpark.sink.store.SourcePartition;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;

/** Which incarnation of a topic a partition belongs to, asked of the cluster each time. */
final class SourceIdentities {
    private static final long ANSWER_TIMEOUT_MS = 30_000;

    private final Admin admin;

    SourceIdentities(Admin admin) {
        this.admin = admin;
    }

    /** Descriptions by name. Throws {@link KafkaException} when the cluster does not answer or lacks one. */
    Map<String, TopicDescription> describe(Collection<String> topics) {
        return await(admin.describeTopics(topics).allTopicNames());
    }

    /** Each partition with its topic's and cluster's ids. Throws {@link KafkaException} as above. */
    Map<TopicPartition, SourcePartition> of(Collection<TopicPartition> partitions) {
        if (partitions.isEmpty()) {
            return Map.of();
        }
        String clusterId = await(admin.describeCluster().clusterId());
        Map<String, TopicDescription> topics =
                describe(partitions.stream().map(TopicPartition::topic).collect(Collectors.toSet()));
        return partitions.stream()
                .collect(Collectors.toMap(
                        partition -> partition,
                        partition -> new SourcePartition(
                                clusterId,
                                topics.get(partition.topic()).topicId().toString(),
                                partition.topic(),
                                partition.partition())));
    }

    static <T> T await(KafkaFuture<T> answer) {
        try {
            return answer.get(ANSWER_TIMEOUT_MS, TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof KafkaException known ? known : new KafkaException(e.getCause());
        } catch (java.util.concurrent.TimeoutException e) {
            throw new org.apache.kafka.common.errors.TimeoutException("the cluster does not answer", e);
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }
}
