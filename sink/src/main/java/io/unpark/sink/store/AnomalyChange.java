package io.unpark.sink.store;

/**
 * The last change of an anomaly: it was written, or time alone opened or resolved it.
 *
 * @param number grows with each change of the database's anomalies
 */
public record AnomalyChange(
        long number,
        String id,
        AnomalyState state,
        String namespace,
        String service,
        String kind,
        String severity,
        String confidence,
        long count) {}
