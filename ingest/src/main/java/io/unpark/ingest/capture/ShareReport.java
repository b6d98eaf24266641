package io.unpark.ingest.capture;

/**
 * What one process did for a capture, so far.
 *
 * @param instance the process
 * @param state how far it has come
 * @param detail why it will give nothing; empty otherwise
 * @param generations accepted so far
 * @param bytes of those, decompressed
 * @param traceCapture the trace's own id, as on the topic; empty before the first generation
 */
public record ShareReport(
        String instance, ShareState state, String detail, long generations, long bytes, String traceCapture) {}
