package io.unpark.trace;

/**
 * One moment on three clocks, written by the runtime once a generation (Go 1.25 and later).
 *
 * @param traceNs the trace's clock, as in {@link EventContext#timeNs}
 * @param monotonicNs the process's monotonic clock
 * @param wallUnixNs wall clock, nanoseconds since 1970 UTC
 */
public record ClockSnapshot(long traceNs, long monotonicNs, long wallUnixNs) {}
