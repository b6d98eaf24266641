package io.unpark.sink.store.jdbc;

import io.unpark.sink.store.AnomalyChange;
import io.unpark.sink.store.AnomalyChanges;
import io.unpark.sink.store.AnomalyState;
import io.unpark.sink.store.StateRule;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** Numbers and reads changes by JDBC. */
final class JdbcAnomalyChanges implements AnomalyChanges {
    /** The state of one anomaly as it is to be told from this change on. */
    private record Change(long number, String anomalyId, AnomalyState state) {}

    private static final int SETTLED_AT_ONCE = 1_000;

    private static final String LAST = "SELECT last_change FROM change_counter WHERE name = 'anomalies'";
    private static final String ADVANCE =
            "UPDATE change_counter SET last_change = last_change + ? WHERE name = 'anomalies'";

    /** A new one counts as open; if it is not, it is settled before it is told. */
    private static final Upsert<Change> WRITTEN = new Upsert<>(
            "UPDATE anomaly_changes SET change_no = ? WHERE anomaly_id = ?",
            change -> new Object[] {change.number, change.anomalyId},
            "INSERT INTO anomaly_changes (change_no, anomaly_id, state) VALUES (?, ?, ?)",
            change -> new Object[] {change.number, change.anomalyId, change.state.name()});

    private static final Upsert<Change> SETTLED = new Upsert<>(
            "UPDATE anomaly_changes SET change_no = ?, state = ? WHERE anomaly_id = ?",
            change -> new Object[] {change.number, change.state.name(), change.anomalyId},
            WRITTEN.insert(),
            WRITTEN.insertValues());

    private static final String OF_ANOMALIES = """
            FROM anomaly_changes c JOIN anomalies a ON a.id = c.anomaly_id
                LEFT JOIN services s ON s.namespace = a.namespace AND s.service = a.service
            """;
    private static final String SINCE = """
            SELECT c.change_no, a.id, a.namespace, a.service, a.kind, a.severity, a.confidence, a.subjects,
                CASE WHEN %s THEN 'RESOLVED' ELSE 'OPEN' END AS state
            %s WHERE c.change_no > ? ORDER BY c.change_no FETCH FIRST ? ROWS ONLY""".formatted(StateSql.RESOLVED, OF_ANOMALIES);
    private static final String RESOLVED_BY_NOW = "SELECT a.id " + OF_ANOMALIES + " WHERE c.state = 'OPEN' AND "
            + StateSql.RESOLVED + " FETCH FIRST " + SETTLED_AT_ONCE + " ROWS ONLY";
    private static final String OPEN_BY_NOW = "SELECT a.id " + OF_ANOMALIES + " WHERE c.state = 'RESOLVED' AND "
            + StateSql.OPEN + " FETCH FIRST " + SETTLED_AT_ONCE + " ROWS ONLY";

    private final Database database;

    JdbcAnomalyChanges(Database database) {
        this.database = database;
    }

    /** Numbers what this transaction wrote. Its last statements: others wait for the counter until it ends. */
    static void written(Connection connection, Collection<String> anomalyIds) throws SQLException {
        List<Change> changes = new ArrayList<>();
        long number = reserve(connection, anomalyIds.size());
        for (String id : anomalyIds) {
            changes.add(new Change(++number, id, AnomalyState.OPEN));
        }
        WRITTEN.run(connection, changes);
    }

    /** Forgets anomalies that this transaction deleted; {@code which} restricts the table's rows. Among its last statements. */
    static void forget(Connection connection, String which, Object... parameters) throws SQLException {
        reserve(connection, 0);
        Database.update(connection, "DELETE FROM anomaly_changes WHERE " + which, parameters);
    }

    /** Takes the counter's lock, and so many numbers: those after the one returned. */
    private static long reserve(Connection connection, int count) throws SQLException {
        Database.update(connection, ADVANCE, count);
        return Database.query(connection, LAST, row -> row.getLong(1)).get(0) - count;
    }

    @Override
    public long last() {
        return database.queryOne("reading the last change", LAST, row -> row.getLong(1))
                .orElse(0L);
    }

    @Override
    public List<AnomalyChange> since(long number, int limit, StateRule rule) {
        List<Object> parameters = new ArrayList<>(StateSql.resolvedParameters(rule));
        parameters.add(number);
        parameters.add(limit);
        return database.query("reading changes", SINCE, JdbcAnomalyChanges::read, parameters.toArray());
    }

    private static AnomalyChange read(ResultSet row) throws SQLException {
        return new AnomalyChange(
                row.getLong("change_no"),
                row.getString("id"),
                AnomalyState.valueOf(row.getString("state")),
                row.getString("namespace"),
                row.getString("service"),
                row.getString("kind"),
                row.getString("severity"),
                row.getString("confidence"),
                row.getLong("subjects"));
    }

    @Override
    public int settle(StateRule rule) {
        List<Object> open = StateSql.openParameters(database, rule);
        return database.transaction("numbering what time changed", connection -> {
            // Almost always there is nothing, and nobody has to wait for the counter.
            if (unsettled(connection, rule, open).isEmpty()) {
                return 0;
            }
            long number = reserve(connection, 0);
            List<Change> changes = unsettled(connection, rule, open);
            List<Change> numbered = new ArrayList<>();
            for (Change change : changes) {
                numbered.add(new Change(++number, change.anomalyId, change.state));
            }
            reserve(connection, numbered.size());
            SETTLED.run(connection, numbered);
            return numbered.size();
        });
    }

    private static List<Change> unsettled(Connection connection, StateRule rule, List<Object> open)
            throws SQLException {
        List<Change> changes = new ArrayList<>(Database.query(
                connection,
                RESOLVED_BY_NOW,
                row -> new Change(0, row.getString(1), AnomalyState.RESOLVED),
                StateSql.resolvedParameters(rule).toArray()));
        changes.addAll(Database.query(
                connection, OPEN_BY_NOW, row -> new Change(0, row.getString(1), AnomalyState.OPEN), open.toArray()));
        return changes;
    }
}
