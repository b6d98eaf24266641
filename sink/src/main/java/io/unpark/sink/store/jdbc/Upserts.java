package io.unpark.sink.store.jdbc;

import io.unpark.sink.store.AnomalyCount;
import io.unpark.sink.store.AnomalyRow;
import io.unpark.sink.store.PeerSeen;
import io.unpark.sink.store.ProfileRow;
import io.unpark.sink.store.RequestRow;
import io.unpark.sink.store.RouteWindowRow;
import io.unpark.sink.store.RuntimeWindowRow;

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

    static final Upsert<ProfileRow> PROFILES = new Upsert<>("""
            UPDATE profiles SET namespace = ?, service = ?, version = ?, end_ns = ?, arrived_ms = ?, document = ?
            WHERE id = ?""", Upserts::profile, """
            INSERT INTO profiles (namespace, service, version, end_ns, arrived_ms, document, id)
            VALUES (?, ?, ?, ?, ?, ?, ?)""", Upserts::profile);

    /** An address may belong to another service some day: the last word counts. */
    static final Upsert<PeerSeen> PEERS = new Upsert<>(
            "UPDATE peers SET callee_namespace = ?, callee_service = ?, arrived_ms = ? WHERE id = ?",
            seen -> new Object[] {seen.calleeNamespace(), seen.calleeService(), seen.arrivedMs(), seen.id()},
            """
            INSERT INTO peers (callee_namespace, callee_service, arrived_ms, id, namespace, service, peer, route)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?)""",
            Upserts::peer);

    /** To be run before the anomalies are written: the first row of a span takes over the count up to then. */
    static final Upsert<AnomalyCount> ANOMALY_COUNTS =
            new Upsert<>("""
            UPDATE anomaly_counts SET subjects = ?, grew = (subjects_before > 0 AND subjects_before < CAST(? AS BIGINT)), arrived_ms = ?
            WHERE anomaly_id = ? AND step_s = ? AND start_ns = ?""", Upserts::countUpdated, """
            INSERT INTO anomaly_counts (subjects, grew, arrived_ms, anomaly_id, step_s, start_ns, subjects_before)
            SELECT n.subjects, (b.subjects > 0 AND b.subjects < n.subjects), n.arrived_ms, n.anomaly_id, n.step_s, n.start_ns, b.subjects
            FROM (SELECT CAST(? AS BIGINT) AS subjects, CAST(? AS BIGINT) AS arrived_ms, CAST(? AS VARCHAR) AS anomaly_id,
                CAST(? AS INTEGER) AS step_s, CAST(? AS BIGINT) AS start_ns) n,
              (SELECT COALESCE(CAST(? AS BIGINT), (SELECT a.subjects FROM anomalies a WHERE a.id = ?), 0) AS subjects) b""", Upserts::countInserted);

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

    private static Object[] profile(ProfileRow row) {
        return new Object[] {
            row.namespace(), row.service(), row.version(), row.endNs(), row.arrivedMs(), row.document(), row.id()
        };
    }

    private static Object[] peer(PeerSeen seen) {
        return new Object[] {
            seen.calleeNamespace(),
            seen.calleeService(),
            seen.arrivedMs(),
            seen.id(),
            seen.namespace(),
            seen.service(),
            seen.peer(),
            seen.route()
        };
    }

    private static Object[] countUpdated(AnomalyCount count) {
        return new Object[] {
            count.subjects(),
            count.subjects(),
            count.arrivedMs(),
            count.anomalyId(),
            count.step().seconds(),
            count.startNs()
        };
    }

    private static Object[] countInserted(AnomalyCount count) {
        return new Object[] {
            count.subjects(),
            count.arrivedMs(),
            count.anomalyId(),
            count.step().seconds(),
            count.startNs(),
            count.before().orElse(null),
            count.anomalyId()
        };
    }
}
