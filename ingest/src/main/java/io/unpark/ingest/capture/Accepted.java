package io.unpark.ingest.capture;

/**
 * What of a trace was acknowledged by the broker.
 *
 * @param generations whole ones
 * @param bytes of those, decompressed
 * @param traceCapture the trace's own id, as on the topic
 */
public record Accepted(long generations, long bytes, String traceCapture) {}
