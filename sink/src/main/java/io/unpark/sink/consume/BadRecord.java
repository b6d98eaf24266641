package io.unpark.sink.consume;

/**
 * A record that was skipped because it can never be kept.
 *
 * @param atMs when it was skipped, milliseconds since 1970 UTC
 */
public record BadRecord(String topic, int partition, long offset, String reason, long atMs) {}
