package io.unpark.sink.store;

/**
 * Where one instance was blocked in one generation.
 *
 * @param id hash of instance, capture and generation
 * @param version "" when not known
 * @param endNs event time, nanoseconds since 1970 UTC
 * @param arrivedMs time of acceptance, milliseconds since 1970 UTC
 * @param document of {@link StackSums#document}
 */
public record ProfileRow(
        String id, String namespace, String service, String version, long endNs, long arrivedMs, byte[] document) {

    static final Upsert<ProfileRow> UPSERT = new Upsert<>("""
            UPDATE profiles SET namespace = ?, service = ?, version = ?, end_ns = ?, arrived_ms = ?, document = ?
            WHERE id = ?""", ProfileRow::values, """
            INSERT INTO profiles (namespace, service, version, end_ns, arrived_ms, document, id)
            VALUES (?, ?, ?, ?, ?, ?, ?)""", ProfileRow::values);

    private Object[] values() {
        return new Object[] {namespace, service, version, endNs, arrivedMs, document, id};
    }
}
