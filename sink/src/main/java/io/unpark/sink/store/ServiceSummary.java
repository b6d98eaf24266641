package io.unpark.sink.store;

/**
 * One service.
 *
 * @param instances seen in the minute before its newest window
 * @param goroutines alive, summed over those instances' newest windows
 * @param newestWindowEndNs event time, nanoseconds since 1970 UTC; 0 when no window came
 * @param lastArrivalMs when anything came, milliseconds since 1970 UTC
 * @param open open anomalies, those of confidence {@code possible} left out
 */
public record ServiceSummary(
        String namespace,
        String service,
        int instances,
        long goroutines,
        long newestWindowEndNs,
        long lastArrivalMs,
        long open) {}
