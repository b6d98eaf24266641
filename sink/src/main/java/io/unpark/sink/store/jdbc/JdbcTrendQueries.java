package io.unpark.sink.store.jdbc;

import io.unpark.sink.store.StateRule;
import io.unpark.sink.store.StoredAnomaly;
import io.unpark.sink.store.TrendQueries;
import io.unpark.sink.store.WindowStep;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Summaries by JDBC: the database counts, so that no more comes here than is shown. */
final class JdbcTrendQueries implements TrendQueries {
    private static final String OPEN_ANOMALIES = """
            %s WHERE a.confidence <> 'possible' AND %s""".formatted(StateSql.FROM, StateSql.OPEN);

    private static final String CELLS = """
            SELECT a.service, a.kind, a.severity, COUNT(*), SUM(CASE WHEN a.first_seen_ns >= CAST(? AS BIGINT) THEN 1 ELSE 0 END)
            %s GROUP BY a.service, a.kind, a.severity ORDER BY a.service, a.kind, a.severity""".formatted(OPEN_ANOMALIES);

    private static final String HOUR = "a.first_seen_ns - MOD(a.first_seen_ns, " + WindowStep.HOUR.lengthNs() + ")";

    private static final String OPENED = """
            SELECT %s AS hour_ns, a.severity, COUNT(*) FROM anomalies a
            WHERE a.first_seen_ns >= ? AND a.confidence <> 'possible'
            GROUP BY %s, a.severity ORDER BY 1, 2""".formatted(HOUR, HOUR);

    private static final String NEWEST = """
            SELECT a.id %s ORDER BY a.first_seen_ns DESC, a.id FETCH FIRST ? ROWS ONLY""".formatted(OPEN_ANOMALIES);

    /** From where it grew first: all that it grew by since is in hours in which it grew. */
    private static final String GROWN = """
            SELECT g.anomaly_id, g.subjects_then, a.subjects FROM (
                SELECT c.anomaly_id, MIN(c.subjects_before) AS subjects_then FROM anomaly_counts c
                WHERE c.grew = TRUE AND c.step_s = 3600 AND c.start_ns >= CAST(? AS BIGINT) GROUP BY c.anomaly_id) g
              JOIN anomalies a ON a.id = g.anomaly_id
              LEFT JOIN services s ON s.namespace = a.namespace AND s.service = a.service
            WHERE a.subjects > g.subjects_then AND a.first_seen_ns < CAST(? AS BIGINT) AND a.confidence <> 'possible' AND %s
            ORDER BY a.subjects - g.subjects_then DESC, a.id FETCH FIRST ? ROWS ONLY""".formatted(StateSql.OPEN);

    private final Database database;

    JdbcTrendQueries(Database database) {
        this.database = database;
    }

    @Override
    public long newestNs(long limitNs) {
        return database.queryOne(
                        "reading how far services are",
                        "SELECT COALESCE(MAX(newest_window_end_ns), 0) FROM services WHERE newest_window_end_ns <= ?",
                        row -> row.getLong(1),
                        limitNs)
                .orElse(0L);
    }

    @Override
    public List<Cell> open(StateRule rule, long recentSinceNs) {
        List<Object> parameters = new ArrayList<>(List.of(recentSinceNs));
        parameters.addAll(StateSql.openParameters(database, rule));
        return database.query(
                "counting open anomalies",
                CELLS,
                row -> new Cell(row.getString(1), row.getString(2), row.getString(3), row.getLong(4), row.getLong(5)),
                parameters.toArray());
    }

    @Override
    public List<Opened> opened(long sinceNs) {
        return database.query(
                "counting anomalies by hour",
                OPENED,
                row -> new Opened(row.getLong(1), row.getString(2), row.getLong(3)),
                sinceNs);
    }

    @Override
    public List<String> newest(StateRule rule, int limit) {
        List<Object> parameters = new ArrayList<>(StateSql.openParameters(database, rule));
        parameters.add(limit);
        return database.query("reading the newest anomalies", NEWEST, row -> row.getString(1), parameters.toArray());
    }

    @Override
    public List<Grown> grown(StateRule rule, long sinceNs, int limit) {
        List<Object> parameters = new ArrayList<>(List.of(sinceNs, sinceNs));
        parameters.addAll(StateSql.openParameters(database, rule));
        parameters.add(limit);
        return database.query(
                "reading which anomalies grow",
                GROWN,
                row -> new Grown(row.getString(1), row.getLong(2), row.getLong(3)),
                parameters.toArray());
    }

    @Override
    public Map<String, SortedMap<Long, Long>> hours(Collection<String> ids, long sinceNs) {
        Map<String, SortedMap<Long, Long>> hours = new HashMap<>();
        List<Object> parameters = new ArrayList<>(ids);
        parameters.add(sinceNs);
        in(
                "SELECT anomaly_id, start_ns, subjects FROM anomaly_counts"
                        + " WHERE anomaly_id IN (%s) AND step_s = 3600 AND start_ns >= ?",
                ids,
                parameters,
                row -> hours.computeIfAbsent(row.getString(1), id -> new TreeMap<>())
                        .put(row.getLong(2), row.getLong(3)));
        return hours;
    }

    @Override
    public Map<String, StoredAnomaly> find(Collection<String> ids, StateRule rule) {
        Map<String, StoredAnomaly> found = new HashMap<>();
        List<Object> parameters = new ArrayList<>(StateSql.resolvedParameters(rule));
        parameters.addAll(ids);
        in(
                JdbcAnomalyQueries.SELECT + "WHERE a.id IN (%s)",
                ids,
                parameters,
                row -> found.put(row.getString("id"), JdbcAnomalyQueries.read(row)));
        return found;
    }

    private <T> void in(String sql, Collection<String> ids, List<Object> parameters, Database.RowReader<T> reader) {
        if (!ids.isEmpty()) {
            String marks = String.join(", ", Collections.nCopies(ids.size(), "?"));
            database.query("reading anomalies", sql.replace("%s", marks), reader, parameters.toArray());
        }
    }
}
