package io.unpark.sink.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/** Reads anomalies by JDBC. The state is derived in SQL, so that a page of a state is full. */
final class JdbcAnomalyQueries implements AnomalyQueries {
    /** Whether anomaly {@code a} of service {@code s} is resolved; takes {@link #stateParameters}. */
    static final String RESOLVED = """
            (COALESCE(s.newest_window_end_ns, 0) > a.last_seen_ns + CAST(? AS BIGINT)
              OR GREATEST(COALESCE(s.last_arrival_ms, 0), a.arrived_ms) < CAST(? AS BIGINT))""";

    /** Whether it is open; takes {@link #openParameters}. The first part says nothing new, but an index knows it. */
    static final String OPEN =
            "(a.last_seen_ns >= s.newest_window_end_ns - CAST(? AS BIGINT) AND NOT " + RESOLVED + ")";

    static final String SELECT = """
            SELECT a.id, a.seq, a.document, CASE WHEN %s THEN 'RESOLVED' ELSE 'OPEN' END AS state
            FROM anomalies a LEFT JOIN services s ON s.namespace = a.namespace AND s.service = a.service
            """.formatted(RESOLVED);

    private static final String OPEN_COUNTS = """
            SELECT a.namespace, a.service, a.kind, a.severity, COUNT(*) AS open_count
            FROM anomalies a LEFT JOIN services s ON s.namespace = a.namespace AND s.service = a.service
            WHERE a.confidence <> 'possible' AND %s AND a.last_seen_ns >= CAST(? AS BIGINT)
            GROUP BY a.namespace, a.service, a.kind, a.severity ORDER BY open_count DESC FETCH FIRST ? ROWS ONLY""".formatted(OPEN);

    private final Database database;

    JdbcAnomalyQueries(Database database) {
        this.database = database;
    }

    static List<Object> stateParameters(StateRule rule) {
        return List.of(rule.quietNs(), rule.silentSinceMs());
    }

    static List<Object> openParameters(StateRule rule) {
        return List.of(rule.quietNs(), rule.quietNs(), rule.silentSinceMs());
    }

    @Override
    public List<StoredAnomaly> list(AnomalyFilter filter, StateRule rule) {
        StringBuilder sql = new StringBuilder(SELECT).append("WHERE a.seq < ?");
        List<Object> parameters = new ArrayList<>(stateParameters(rule));
        parameters.add(filter.beforeSeq());
        restrict(sql, parameters, "namespace", filter.namespace());
        restrict(sql, parameters, "service", filter.service());
        restrict(sql, parameters, "kind", filter.kind());
        restrict(sql, parameters, "severity", filter.severity());
        if (filter.sinceNs() != Long.MIN_VALUE) {
            sql.append(" AND a.last_seen_ns >= ?");
            parameters.add(filter.sinceNs());
        }
        if (!filter.withPossible()) {
            sql.append(" AND a.confidence <> 'possible'");
        }
        filter.state().ifPresent(state -> {
            boolean resolved = state == AnomalyState.RESOLVED;
            sql.append(" AND ").append(resolved ? RESOLVED : OPEN);
            parameters.addAll(resolved ? stateParameters(rule) : openParameters(rule));
            if (!resolved) {
                sql.append(" AND a.last_seen_ns >= CAST(? AS BIGINT)");
                parameters.add(openSinceNs(database, rule));
            }
        });
        sql.append(" ORDER BY a.seq DESC FETCH FIRST ? ROWS ONLY");
        parameters.add(filter.limit());
        return database.query("listing anomalies", sql.toString(), JdbcAnomalyQueries::read, parameters.toArray());
    }

    /**
     * No open anomaly was last seen before: the earliest, over the services that anything came from lately, of what is open there.
     * A number, so that the planner sees how few these are; within a join it would look through all anomalies.
     */
    static long openSinceNs(Database database, StateRule rule) {
        long newestNs = database.queryOne(
                        "reading how far services are",
                        "SELECT COALESCE(MIN(newest_window_end_ns), 0) FROM services WHERE last_arrival_ms >= ?",
                        row -> row.getLong(1),
                        rule.silentSinceMs())
                .orElse(0L);
        return newestNs - rule.quietNs();
    }

    private static void restrict(StringBuilder sql, List<Object> parameters, String column, Optional<String> value) {
        value.ifPresent(v -> {
            sql.append(" AND a.").append(column).append(" = ?");
            parameters.add(v);
        });
    }

    @Override
    public Optional<StoredAnomaly> find(String id, StateRule rule) {
        List<Object> parameters = new ArrayList<>(stateParameters(rule));
        parameters.add(id);
        return database.queryOne(
                "reading an anomaly", SELECT + "WHERE a.id = ?", JdbcAnomalyQueries::read, parameters.toArray());
    }

    @Override
    public List<OpenCount> openCounts(StateRule rule, int limit) {
        List<Object> parameters = new ArrayList<>(openParameters(rule));
        parameters.add(openSinceNs(database, rule));
        parameters.add(limit);
        return database.query(
                "counting open anomalies",
                OPEN_COUNTS,
                row -> new OpenCount(
                        row.getString(1), row.getString(2), row.getString(3), row.getString(4), row.getLong(5)),
                parameters.toArray());
    }

    @Override
    public List<AnomalyCount> counts(String id, WindowStep step, int limit) {
        List<AnomalyCount> newestFirst = database.query(
                "reading an anomaly's counts",
                "SELECT start_ns, subjects_before, subjects, arrived_ms FROM anomaly_counts WHERE anomaly_id = ? AND step_s = ?"
                        + " ORDER BY start_ns DESC FETCH FIRST ? ROWS ONLY",
                row -> new AnomalyCount(
                        id, step, row.getLong(1), Optional.of(row.getLong(2)), row.getLong(3), row.getLong(4)),
                id,
                step.seconds(),
                limit);
        Collections.reverse(newestFirst);
        return newestFirst;
    }

    @Override
    public SortedSet<String> kinds() {
        return new TreeSet<>(
                database.query("reading kinds", "SELECT DISTINCT kind FROM anomalies", row -> row.getString(1)));
    }

    static StoredAnomaly read(ResultSet row) throws SQLException {
        return new StoredAnomaly(
                row.getLong("seq"), AnomalyState.valueOf(row.getString("state")), row.getString("document"));
    }
}
