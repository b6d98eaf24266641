package io.unpark.analysis.model;

/** Where the bytes of a finding's evidence lie. {@code topic} is "" for a file. */
public record ChunkRef(String topic, int partition, long offset, String capture, long generation) {}
