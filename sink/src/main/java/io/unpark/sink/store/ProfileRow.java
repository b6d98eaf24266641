package io.unpark.sink.store;

/**
 * Where one instance was blocked in one generation.
 *
 * @param id hash of instance, capture and generation
 * @param version "" when not known
 * @param endNs event time, nanoseconds since 1970 UTC
 * @param arrivedMs time of acceptance, milliseconds since 1970 UTC
 * @param document of {@link io.unpark.sink.store.stacks.StackSums#document}
 */
public record ProfileRow(
        String id, String namespace, String service, String version, long endNs, long arrivedMs, byte[] document) {}
