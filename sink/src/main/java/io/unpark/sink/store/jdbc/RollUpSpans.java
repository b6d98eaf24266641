package io.unpark.sink.store.jdbc;

import io.unpark.sink.store.WindowStep;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The spans in the database: which are due, and which are sealed. An update of a span's row locks it to the transaction's end. */
final class RollUpSpans {
    private static final String KEY = " WHERE step_s = ? AND start_ns = ? AND namespace = ? AND service = ?";
    private static final String SELECT = "SELECT start_ns, namespace, service FROM rollup_spans WHERE ";
    private static final Upsert<Map.Entry<RollUpSpan, Long>> MARK = new Upsert<>(
            "UPDATE rollup_spans SET due = TRUE, arrived_ms = GREATEST(arrived_ms, ?)" + KEY,
            RollUpSpans::marked,
            """
            INSERT INTO rollup_spans (arrived_ms, step_s, start_ns, namespace, service, due, sealed)
            VALUES (?, ?, ?, ?, ?, TRUE, FALSE)""",
            RollUpSpans::marked);

    private RollUpSpans() {}

    private static Object[] marked(Map.Entry<RollUpSpan, Long> arrival) {
        RollUpSpan span = arrival.getKey();
        return new Object[] {arrival.getValue(), span.step().seconds(), span.startNs(), span.namespace(), span.service()
        };
    }

    /** What lies below these spans changes in this transaction. */
    static void mark(Connection connection, Map<RollUpSpan, Long> arrivals) throws SQLException {
        MARK.run(connection, arrivals.entrySet());
    }

    static List<RollUpSpan> due(Database database, WindowStep step, int limit) {
        return database.query(
                "reading what to roll up",
                SELECT + "step_s = ? AND NOT sealed AND due ORDER BY start_ns FETCH FIRST ? ROWS ONLY",
                row -> read(step, row),
                step.seconds(),
                limit);
    }

    /** Spans whose newest arrival is older, and that are computed; or sealed, with late arrivals. */
    static List<RollUpSpan> expired(Database database, WindowStep step, long beforeMs, boolean sealed, int limit) {
        return older(database, step, sealed, sealed, beforeMs, limit);
    }

    /** Sealed spans whose newest arrival is older. */
    static List<RollUpSpan> sealed(Database database, WindowStep step, long beforeMs, int limit) {
        return older(database, step, true, false, beforeMs, limit);
    }

    private static List<RollUpSpan> older(
            Database database, WindowStep step, boolean sealed, boolean due, long beforeMs, int limit) {
        return database.query(
                "reading what is past its retention",
                SELECT + "step_s = ? AND sealed = ? AND due = ? AND arrived_ms < ? FETCH FIRST ? ROWS ONLY",
                row -> read(step, row),
                step.seconds(),
                sealed,
                due,
                beforeMs,
                limit);
    }

    /** Forgets a span that is sealed; false when something arrived meanwhile. */
    static boolean forget(Connection connection, RollUpSpan span, long beforeMs) throws SQLException {
        return changesOlder(connection, "DELETE FROM rollup_spans" + KEY + " AND sealed AND NOT due", span, beforeMs);
    }

    private static RollUpSpan read(WindowStep step, ResultSet row) throws SQLException {
        return new RollUpSpan(step, row.getLong(1), row.getString(2), row.getString(3));
    }

    /** Locks a span that is to be computed now, and tells its newest arrival; empty when it isn't due any more. */
    static Optional<Long> takeDue(Connection connection, RollUpSpan span) throws SQLException {
        if (update(connection, "UPDATE rollup_spans SET due = FALSE" + KEY + " AND due AND NOT sealed", span) == 0) {
            return Optional.empty();
        }
        return Database.query(connection, "SELECT arrived_ms FROM rollup_spans" + KEY, row -> row.getLong(1), key(span))
                .stream()
                .findFirst();
    }

    /** Locks a span and seals it for good; false when something arrived meanwhile. */
    static boolean seal(Connection connection, RollUpSpan span, long beforeMs) throws SQLException {
        return changesOlder(
                connection,
                "UPDATE rollup_spans SET due = FALSE, sealed = TRUE" + KEY + " AND due = sealed",
                span,
                beforeMs);
    }

    /** @param sql up to the condition that nothing arrived since */
    private static boolean changesOlder(Connection connection, String sql, RollUpSpan span, long beforeMs)
            throws SQLException {
        return Database.update(
                        connection,
                        sql + " AND arrived_ms < ?",
                        span.step().seconds(),
                        span.startNs(),
                        span.namespace(),
                        span.service(),
                        beforeMs)
                > 0;
    }

    /** Forgets spans that are sealed and have nothing below them. */
    static int forget(Connection connection, WindowStep step, long beforeMs) throws SQLException {
        return Database.update(
                connection,
                "DELETE FROM rollup_spans WHERE step_s = ? AND sealed AND NOT due AND arrived_ms < ?",
                step.seconds(),
                beforeMs);
    }

    private static int update(Connection connection, String sql, RollUpSpan span) throws SQLException {
        return Database.update(connection, sql, key(span));
    }

    private static Object[] key(RollUpSpan span) {
        return new Object[] {span.step().seconds(), span.startNs(), span.namespace(), span.service()};
    }
}
