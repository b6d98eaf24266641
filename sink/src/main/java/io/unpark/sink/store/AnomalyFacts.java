package io.unpark.sink.store;

/**
 * What decides whether somebody is told of an anomaly.
 *
 * @param severity lower case, as in the outputs; {@code confidence} too
 * @param open its derived state
 */
public record AnomalyFacts(
        String id, String namespace, String service, String kind, String severity, String confidence, boolean open) {}
