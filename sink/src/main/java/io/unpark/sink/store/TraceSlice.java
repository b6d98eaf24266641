package io.unpark.sink.store;

/**
 * A trace file around an example of an anomaly.
 *
 * @param capture the capture it is from, with {@code firstGeneration} to {@code lastGeneration} without a gap
 * @param bytes the file, header included
 */
public record TraceSlice(String capture, long firstGeneration, long lastGeneration, byte[] bytes) {}
