package io.unpark.sink.store.jdbc;

import io.unpark.sink.store.AnomalyState;
import io.unpark.sink.store.StateRule;
import java.util.List;

/**
 * Whether an anomaly is open, as SQL: the one place that says so. The API, the events of ADR 26 and the notices of ADR 31 compare it
 * with what each of them told last.
 */
final class StateSql {
    /** Anomalies {@code a} with their services {@code s}. */
    static final String FROM = """
            \sFROM anomalies a LEFT JOIN services s ON s.namespace = a.namespace AND s.service = a.service
            """;

    /** Whether {@code a} of {@code s} is resolved; takes {@link #resolvedParameters}. */
    static final String RESOLVED = """
            (COALESCE(s.newest_window_end_ns, 0) > a.last_seen_ns + CAST(? AS BIGINT)
              OR GREATEST(COALESCE(s.last_arrival_ms, 0), a.arrived_ms) < CAST(? AS BIGINT))""";

    /** Whether it is open; takes {@link #openParameters}. The first two parts say nothing new, but indexes know them. */
    static final String OPEN = """
            (a.last_seen_ns >= CAST(? AS BIGINT) AND a.last_seen_ns >= s.newest_window_end_ns - CAST(? AS BIGINT)
              AND NOT\s""" + RESOLVED + ")";

    private StateSql() {}

    /** Only those of a state. */
    static void restrict(
            StringBuilder sql, List<Object> parameters, AnomalyState state, Database database, StateRule rule) {
        boolean open = state == AnomalyState.OPEN;
        sql.append(" AND ").append(open ? OPEN : RESOLVED);
        parameters.addAll(open ? openParameters(database, rule) : resolvedParameters(rule));
    }

    static List<Object> resolvedParameters(StateRule rule) {
        return List.of(rule.quietNs(), rule.silentSinceMs());
    }

    static List<Object> openParameters(Database database, StateRule rule) {
        return List.of(openSinceNs(database, rule), rule.quietNs(), rule.quietNs(), rule.silentSinceMs());
    }

    /**
     * No open anomaly was last seen before: the earliest, over the services that anything came from lately, of what is open there.
     * A number, so that the planner sees how few these are; within a join it would look through all anomalies.
     */
    private static long openSinceNs(Database database, StateRule rule) {
        long newestNs = database.queryOne(
                        "reading how far services are",
                        "SELECT COALESCE(MIN(newest_window_end_ns), 0) FROM services WHERE last_arrival_ms >= ?",
                        row -> row.getLong(1),
                        rule.silentSinceMs())
                .orElse(0L);
        return newestNs - rule.quietNs();
    }
}
