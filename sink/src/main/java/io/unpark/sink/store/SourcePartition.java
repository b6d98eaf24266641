package io.unpark.sink.store;

/**
 * One partition of one incarnation of a topic.
 *
 * @param clusterId the Kafka cluster's id
 * @param topicId the topic's id: a topic that was deleted and created again has another, so its offsets start over
 * @param topic the name, for people
 */
public record SourcePartition(String clusterId, String topicId, String topic, int partition) {}
