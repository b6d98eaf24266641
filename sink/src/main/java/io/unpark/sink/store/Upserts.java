package io.unpark.sink.store;

/** How each table takes its rows. */
final class Upserts {
    static final Upsert<AnomalyRow> ANOMALIES = new Upsert<>("""
            UPDATE anomalies SET namespace = ?, service = ?, kind = ?, severity = ?, confidence = ?, subjects = ?,
                first_seen_ns = ?, last_seen_ns = ?, arrived_ms = ?, worst_finding_id = ?, document = ?
            WHERE id = ?""", Upserts::anomaly, """
            INSERT INTO anomalies (namespace, service, kind, severity, confidence, subjects, first_seen_ns,
                last_seen_ns, arrived_ms, worst_finding_id, document, id)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""", Upserts::anomaly);

    static final Upsert<RuntimeWindowRow> RUNTIME_WINDOWS =
            new Upsert<>("""
            UPDATE runtime_windows SET namespace = ?, service = ?, instance = ?, end_ns = ?, arrived_ms = ?,
                goroutines = ?, document = ?
            WHERE id = ?""", Upserts::runtimeWindow, """
            INSERT INTO runtime_windows (namespace, service, instance, end_ns, arrived_ms, goroutines, document, id)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?)""", Upserts::runtimeWindow);

    static final Upsert<RouteWindowRow> ROUTE_WINDOWS =
            new Upsert<>("""
            UPDATE route_windows SET namespace = ?, service = ?, end_ns = ?, arrived_ms = ?, document = ?
            WHERE id = ?""", Upserts::routeWindow, """
            INSERT INTO route_windows (namespace, service, end_ns, arrived_ms, document, id)
            VALUES (?, ?, ?, ?, ?, ?)""", Upserts::routeWindow);

    static final Upsert<RequestRow> REQUESTS = new Upsert<>(
            "UPDATE requests SET revision = ?, start_ns = ?, arrived_ms = ?, document = ? WHERE id = ?",
            Upserts::request,
            "INSERT INTO requests (revision, start_ns, arrived_ms, document, id) VALUES (?, ?, ?, ?, ?)",
            Upserts::request);

    static final Upsert<ServiceSeen> SERVICES = new Upsert<>(
            """
            UPDATE services SET newest_window_end_ns = GREATEST(newest_window_end_ns, ?),
                last_arrival_ms = GREATEST(last_arrival_ms, ?)
            WHERE namespace = ? AND service = ?""",
            Upserts::service,
            "INSERT INTO services (newest_window_end_ns, last_arrival_ms, namespace, service) VALUES (?, ?, ?, ?)",
            Upserts::service);

    private Upserts() {}

    private static Object[] anomaly(AnomalyRow row) {
        return new Object[] {
            row.namespace(), row.service(), row.kind(), row.severity(), row.confidence(), row.count(),
            row.firstSeenNs(), row.lastSeenNs(), row.arrivedMs(), row.worstFindingId(), row.document(), row.id()
        };
    }

    private static Object[] runtimeWindow(RuntimeWindowRow row) {
        return new Object[] {
            row.namespace(),
            row.service(),
            row.instance(),
            row.endNs(),
            row.arrivedMs(),
            row.goroutines(),
            row.document(),
            row.id()
        };
    }

    private static Object[] routeWindow(RouteWindowRow row) {
        return new Object[] {row.namespace(), row.service(), row.endNs(), row.arrivedMs(), row.document(), row.id()};
    }

    private static Object[] request(RequestRow row) {
        return new Object[] {row.revision(), row.startNs(), row.arrivedMs(), row.document(), row.id()};
    }

    private static Object[] service(ServiceSeen seen) {
        return new Object[] {seen.newestWindowEndNs(), seen.lastArrivalMs(), seen.namespace(), seen.service()};
    }
}
