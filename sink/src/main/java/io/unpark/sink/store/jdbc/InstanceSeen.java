package io.unpark.sink.store.jdbc;

import io.unpark.sink.store.RuntimeWindowRow;
import io.unpark.sink.store.SinkBatch;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;

/** The newest window of an instance. */
record InstanceSeen(
        String namespace, String service, String instance, long newestEndNs, long arrivedMs, long goroutines) {
    private static final char SEPARATOR = '\0';

    static final Upsert<InstanceSeen> UPSERT = new Upsert<>("""
            UPDATE instances SET goroutines = CASE WHEN newest_end_ns <= ? THEN ? ELSE goroutines END,
                newest_end_ns = GREATEST(newest_end_ns, ?), arrived_ms = GREATEST(arrived_ms, ?)
            WHERE namespace = ? AND service = ? AND instance = ?""", InstanceSeen::update, """
            INSERT INTO instances (goroutines, newest_end_ns, arrived_ms, namespace, service, instance)
            VALUES (?, ?, ?, ?, ?, ?)""", InstanceSeen::insert);

    /** One for each instance of a batch, sorted so that two writers lock rows in the same order. */
    static Collection<InstanceSeen> in(SinkBatch batch) {
        Map<String, InstanceSeen> seen = new TreeMap<>();
        for (RuntimeWindowRow row : batch.runtimeWindows()) {
            InstanceSeen one = new InstanceSeen(
                    row.namespace(), row.service(), row.instance(), row.endNs(), row.arrivedMs(), row.goroutines());
            seen.merge(
                    row.namespace() + SEPARATOR + row.service() + SEPARATOR + row.instance(),
                    one,
                    (a, b) -> a.newestEndNs > b.newestEndNs ? a : b);
        }
        return seen.values();
    }

    private static Object[] update(InstanceSeen seen) {
        return new Object[] {
            seen.newestEndNs,
            seen.goroutines,
            seen.newestEndNs,
            seen.arrivedMs,
            seen.namespace,
            seen.service,
            seen.instance
        };
    }

    private static Object[] insert(InstanceSeen seen) {
        return new Object[] {
            seen.goroutines, seen.newestEndNs, seen.arrivedMs, seen.namespace, seen.service, seen.instance
        };
    }
}
