package io.unpark.sink.store;

/**
 * One generation of one instance.
 *
 * @param id hash of instance, capture and generation
 * @param endNs wall clock of the generation's last event, nanoseconds since 1970 UTC
 * @param arrivedMs time of acceptance of the record, milliseconds since 1970 UTC
 * @param goroutines alive at the end
 * @param document the JSON object that the API shows
 */
public record RuntimeWindowRow(
        String id,
        String namespace,
        String service,
        String instance,
        long endNs,
        long arrivedMs,
        long goroutines,
        String document) {}
