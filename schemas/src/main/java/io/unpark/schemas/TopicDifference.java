package io.unpark.schemas;

/**
 * One way in which a cluster's topic differs from the table.
 *
 * @param topic name on the cluster
 * @param setting {@code topic} (there or not), {@code partitions}, or a Kafka setting such as {@code max.message.bytes}
 * @param expected as the table has it
 * @param found as the cluster has it
 */
public record TopicDifference(String topic, String setting, String expected, String found) {
    @Override
    public String toString() {
        return topic + ": " + setting + " is " + found + ", expected " + expected;
    }
}
