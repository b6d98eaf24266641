package io.unpark.sink.store.jdbc;

import io.unpark.sink.store.AnomalyRow;
import io.unpark.sink.store.RouteWindowRow;
import io.unpark.sink.store.RuntimeWindowRow;
import io.unpark.sink.store.SinkBatch;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** That something came from a service, and how far its windows reach; 0 when no window is among it. */
record ServiceSeen(String namespace, String service, long newestWindowEndNs, long lastArrivalMs) {
    private record Key(String namespace, String service) implements Comparable<Key> {
        @Override
        public int compareTo(Key other) {
            int byNamespace = namespace.compareTo(other.namespace);
            return byNamespace != 0 ? byNamespace : service.compareTo(other.service);
        }
    }

    /** One for each service of a batch, sorted so that two writers lock rows in the same order. */
    static Collection<ServiceSeen> in(SinkBatch batch) {
        Map<Key, ServiceSeen> seen = new TreeMap<>();
        for (Optional<AnomalyRow> anomaly : batch.anomalies().values()) {
            anomaly.ifPresent(row -> add(seen, row.namespace(), row.service(), 0, row.arrivedMs()));
        }
        for (RuntimeWindowRow row : batch.runtimeWindows()) {
            add(seen, row.namespace(), row.service(), row.endNs(), row.arrivedMs());
        }
        for (RouteWindowRow row : batch.routeWindows()) {
            add(seen, row.namespace(), row.service(), row.endNs(), row.arrivedMs());
        }
        return seen.values();
    }

    private static void add(Map<Key, ServiceSeen> seen, String namespace, String service, long endNs, long arrivedMs) {
        seen.merge(
                new Key(namespace, service),
                new ServiceSeen(namespace, service, endNs, arrivedMs),
                (a, b) -> new ServiceSeen(
                        namespace,
                        service,
                        Math.max(a.newestWindowEndNs, b.newestWindowEndNs),
                        Math.max(a.lastArrivalMs, b.lastArrivalMs)));
    }
}
