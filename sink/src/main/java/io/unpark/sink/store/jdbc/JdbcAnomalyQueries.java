package io.unpark.sink.store.jdbc;

import io.unpark.sink.store.AnomalyCount;
import io.unpark.sink.store.AnomalyFilter;
import io.unpark.sink.store.AnomalyQueries;
import io.unpark.sink.store.AnomalyState;
import io.unpark.sink.store.OpenCount;
import io.unpark.sink.store.StateRule;
import io.unpark.sink.store.StoredAnomaly;
import io.unpark.sink.store.WindowStep;
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
    private static final String COLUMNS = "SELECT a.id, a.seq, a.document, CASE WHEN " + StateSql.RESOLVED
            + " THEN 'RESOLVED' ELSE 'OPEN' END AS state";

    static final String SELECT = COLUMNS + StateSql.FROM;

    /** Sorts places, of which there are many, and then reads the documents of a page. A join, as H2 is slow with an IN. */
    private static final String PAGE = COLUMNS + " FROM (SELECT a.seq" + StateSql.FROM + "WHERE ";

    private static final String OF_PAGE = """
            ) p JOIN anomalies a ON a.seq = p.seq LEFT JOIN services s ON s.namespace = a.namespace AND s.service = a.service
            ORDER BY a.seq DESC""";

    /**
     * The place of what is open, which no index knows: few are, and an index tells which. Else both databases go through all anomalies
     * by {@code seq}: PostgreSQL as its general plan for a statement that comes often does not see how few are open.
     */
    private static final String OPEN_PLACE = "a.seq + 0";

    private static final String OPEN_COUNTS = """
            SELECT a.namespace, a.service, a.kind, a.severity, COUNT(*) AS open_count
            %s WHERE a.confidence <> 'possible' AND %s
            GROUP BY a.namespace, a.service, a.kind, a.severity ORDER BY open_count DESC FETCH FIRST ? ROWS ONLY""".formatted(StateSql.FROM, StateSql.OPEN);

    private final Database database;

    JdbcAnomalyQueries(Database database) {
        this.database = database;
    }

    @Override
    public List<StoredAnomaly> list(AnomalyFilter filter, StateRule rule) {
        String place = filter.state().equals(Optional.of(AnomalyState.OPEN)) ? OPEN_PLACE : "a.seq";
        StringBuilder sql = new StringBuilder(PAGE).append(place).append(" < ?");
        List<Object> parameters = new ArrayList<>(StateSql.resolvedParameters(rule));
        parameters.add(filter.beforeSeq());
        restrict(sql, parameters, filter);
        restrict(sql, parameters, "severity", filter.severity());
        filter.state().ifPresent(state -> StateSql.restrict(sql, parameters, state, database, rule));
        sql.append(" ORDER BY ")
                .append(place)
                .append(" DESC FETCH FIRST ? ROWS ONLY")
                .append(OF_PAGE);
        parameters.add(filter.limit());
        return database.query("listing anomalies", sql.toString(), JdbcAnomalyQueries::read, parameters.toArray());
    }

    /** By all of a filter but severity, state and place. */
    static void restrict(StringBuilder sql, List<Object> parameters, AnomalyFilter filter) {
        restrict(sql, parameters, "namespace", filter.namespace());
        restrict(sql, parameters, "service", filter.service());
        restrict(sql, parameters, "kind", filter.kind());
        if (filter.sinceNs() != Long.MIN_VALUE) {
            sql.append(" AND a.last_seen_ns >= ?");
            parameters.add(filter.sinceNs());
        }
        if (!filter.withPossible()) {
            sql.append(" AND a.confidence <> 'possible'");
        }
    }

    private static void restrict(StringBuilder sql, List<Object> parameters, String column, Optional<String> value) {
        value.ifPresent(v -> {
            sql.append(" AND a.").append(column).append(" = ?");
            parameters.add(v);
        });
    }

    @Override
    public Optional<StoredAnomaly> find(String id, StateRule rule) {
        List<Object> parameters = new ArrayList<>(StateSql.resolvedParameters(rule));
        parameters.add(id);
        return database.queryOne(
                "reading an anomaly", SELECT + "WHERE a.id = ?", JdbcAnomalyQueries::read, parameters.toArray());
    }

    @Override
    public List<OpenCount> openCounts(StateRule rule, int limit) {
        List<Object> parameters = new ArrayList<>(StateSql.openParameters(database, rule));
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
