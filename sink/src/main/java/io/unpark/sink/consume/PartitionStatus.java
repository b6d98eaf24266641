package io.unpark.sink.consume;

/**
 * One partition as last seen by this sink.
 *
 * @param nextOffset what the database holds as next to read
 * @param lag records, transaction markers included, between there and the end that readers may see; -1 not known yet
 */
public record PartitionStatus(String topic, int partition, long nextOffset, long lag) {}
