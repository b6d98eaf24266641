package io.unpark.sink.store;

/**
 * One route in one generation of one instance.
 *
 * @param id hash of instance, capture, generation and route
 * @param endNs wall clock of the generation's last event, nanoseconds since 1970 UTC
 * @param arrivedMs time of acceptance of the record, milliseconds since 1970 UTC
 * @param document the JSON object that the API shows
 */
public record RouteWindowRow(
        String id, String namespace, String service, long endNs, long arrivedMs, String document) {}
