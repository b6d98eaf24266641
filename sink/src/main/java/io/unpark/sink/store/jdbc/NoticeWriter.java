package io.unpark.sink.store.jdbc;

import io.unpark.sink.store.AnomalyFacts;
import io.unpark.sink.store.NoticeChange;
import io.unpark.sink.store.NoticeDrop;
import io.unpark.sink.store.NoticeRules;
import io.unpark.sink.store.StateRule;
import io.unpark.sink.store.jdbc.ToldState.State;
import io.unpark.sink.store.jdbc.ToldState.Step;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.UUID;

/**
 * Queues what is to be told, in the transaction that made it so. The caller has locked the anomalies' rows, so nobody else takes
 * the same steps meanwhile.
 */
final class NoticeWriter {
    private static final int IDS_AT_ONCE = 100;
    private static final String SELECT = """
            SELECT a.id, a.namespace, a.service, a.kind, a.severity, a.confidence, %s AS resolved,
                t.state, t.severity AS told_severity, t.since_ms, t.version
            %s LEFT JOIN notice_states t ON t.receiver = ? AND t.anomaly_id = a.id
            WHERE a.id IN (""".formatted(StateSql.RESOLVED, StateSql.FROM);
    private static final String INSERT = """
            INSERT INTO notices (receiver, notice_id, change, anomaly_id, namespace, service, kind, severity,
                severity_before, withdrawn, since_ms, created_ms, batch, attempts, document)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, '', 0, ?)""";
    /** Those of a batch may be on their way just now; they are few. */
    private static final String TRIM = """
            DELETE FROM notices WHERE receiver = ? AND batch = '' AND id <= (
                SELECT id FROM notices WHERE receiver = ? ORDER BY id DESC OFFSET ? ROWS FETCH FIRST 1 ROW ONLY)""";

    private record Known(AnomalyFacts anomaly, Optional<ToldState> told) {}

    private final NoticeRules rules;

    NoticeWriter(NoticeRules rules) {
        this.rules = rules;
    }

    /** Of anomalies that were just written. None ends by that: what comes next may show that it goes on. */
    void written(Connection connection, Collection<String> anomalyIds) throws SQLException {
        if (!anomalyIds.isEmpty()) {
            for (String receiver : rules.receivers()) {
                settle(connection, receiver, anomalyIds, false);
            }
        }
    }

    /** @param mayEnd whether all input is read that could show that an anomaly goes on */
    void settle(Connection connection, String receiver, Collection<String> anomalyIds, boolean mayEnd)
            throws SQLException {
        StateRule rule = rules.stateRule();
        boolean told = false;
        for (Known known : known(connection, receiver, anomalyIds, rule)) {
            Optional<Step> step = ToldState.step(
                    known.told(), known.anomaly(), rules.verdict(receiver, known.anomaly()), mayEnd, rule.nowMs());
            if (step.isPresent()) {
                told |= take(connection, receiver, known, step.get(), false, rule.nowMs());
            }
        }
        if (told) {
            trim(connection, receiver);
        }
    }

    /** Of an anomaly that is about to be deleted since there is none any more. */
    void withdraw(Connection connection, String anomalyId) throws SQLException {
        for (String receiver : rules.receivers()) {
            StateRule rule = rules.stateRule();
            for (Known known : known(connection, receiver, List.of(anomalyId), rule)) {
                if (known.told().filter(it -> it.state() == State.OPEN).isPresent()) {
                    take(connection, receiver, known, known.told().get().resolved(), true, rule.nowMs());
                    trim(connection, receiver);
                }
            }
        }
        Database.update(connection, "DELETE FROM notice_states WHERE anomaly_id = ?", anomalyId);
    }

    private static List<Known> known(
            Connection connection, String receiver, Collection<String> anomalyIds, StateRule rule) throws SQLException {
        List<String> ids = List.copyOf(new TreeSet<>(anomalyIds));
        List<Known> known = new ArrayList<>();
        for (int from = 0; from < ids.size(); from += IDS_AT_ONCE) {
            List<String> some = ids.subList(from, Math.min(ids.size(), from + IDS_AT_ONCE));
            List<Object> parameters = new ArrayList<>(StateSql.resolvedParameters(rule));
            parameters.add(receiver);
            parameters.addAll(some);
            String sql = SELECT + String.join(", ", Collections.nCopies(some.size(), "?")) + ") ORDER BY a.seq";
            known.addAll(Database.query(connection, sql, NoticeWriter::read, parameters.toArray()));
        }
        return known;
    }

    private static Known read(ResultSet row) throws SQLException {
        AnomalyFacts anomaly = new AnomalyFacts(
                row.getString("id"),
                row.getString("namespace"),
                row.getString("service"),
                row.getString("kind"),
                row.getString("severity"),
                row.getString("confidence"),
                !row.getBoolean("resolved"));
        String state = row.getString("state");
        return new Known(
                anomaly,
                state == null
                        ? Optional.empty()
                        : Optional.of(new ToldState(
                                State.valueOf(state),
                                row.getString("told_severity"),
                                row.getLong("since_ms"),
                                row.getLong("version"))));
    }

    /** Whether there is something to say. */
    private boolean take(Connection connection, String receiver, Known known, Step step, boolean withdrawn, long nowMs)
            throws SQLException {
        String id = known.anomaly().id();
        if (!keep(connection, receiver, id, known.told(), step.next())
                || step.notice().isEmpty()) {
            return false;
        }
        ToldState next = step.next().orElseThrow();
        String document = Database.query(
                        connection, "SELECT document FROM anomalies WHERE id = ?", row -> row.getString(1), id)
                .get(0);
        Database.update(
                connection,
                INSERT,
                receiver,
                UUID.randomUUID().toString(),
                step.notice().get().name(),
                id,
                known.anomaly().namespace(),
                known.anomaly().service(),
                known.anomaly().kind(),
                next.severity(),
                step.notice().get() == NoticeChange.SEVERITY_RAISED
                        ? known.told().orElseThrow().severity()
                        : next.severity(),
                withdrawn,
                next.sinceMs(),
                nowMs,
                rules.shortened(document));
        return true;
    }

    /** False when somebody else was quicker. */
    private static boolean keep(
            Connection connection, String receiver, String id, Optional<ToldState> told, Optional<ToldState> next)
            throws SQLException {
        long version = told.map(ToldState::version).orElse(0L);
        if (next.isEmpty()) {
            String delete = "DELETE FROM notice_states WHERE receiver = ? AND anomaly_id = ? AND version = ?";
            return Database.update(connection, delete, receiver, id, version) > 0;
        }
        ToldState it = next.get();
        if (told.isEmpty()) {
            String insert = "INSERT INTO notice_states (receiver, anomaly_id, state, severity, since_ms, version)"
                    + " VALUES (?, ?, ?, ?, ?, ?)";
            return Database.update(
                            connection,
                            insert,
                            receiver,
                            id,
                            it.state().name(),
                            it.severity(),
                            it.sinceMs(),
                            it.version())
                    > 0;
        }
        String update = "UPDATE notice_states SET state = ?, severity = ?, since_ms = ?, version = ?"
                + " WHERE receiver = ? AND anomaly_id = ? AND version = ?";
        return Database.update(
                        connection,
                        update,
                        it.state().name(),
                        it.severity(),
                        it.sinceMs(),
                        it.version(),
                        receiver,
                        id,
                        version)
                > 0;
    }

    private void trim(Connection connection, String receiver) throws SQLException {
        int dropped = Database.update(connection, TRIM, receiver, receiver, rules.queueRowsMax());
        if (dropped > 0) {
            JdbcNoticeQueue.countDropped(connection, receiver, dropped, NoticeDrop.ROWS);
        }
    }
}
