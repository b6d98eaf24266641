package io.unpark.sink.store.jdbc;

import io.unpark.sink.store.AnomalyFacts;
import io.unpark.sink.store.NoticeRules;
import io.unpark.sink.store.NoticeVerdict;
import io.unpark.sink.store.StateRule;
import io.unpark.sink.store.StoreException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Finds anomalies whose state changed although nothing was written of them: a service's windows went on, or time did; a silence
 * ended, or a receiver is new. Each is settled in a transaction of its own.
 */
public final class NoticeSweep {
    private static final int CHANGES_AT_ONCE = 1_000;
    private static final String ENDED =
            "SELECT a.id" + StateSql.FROM + """
            JOIN notice_states t ON t.receiver = ? AND t.anomaly_id = a.id
            WHERE t.state IN ('OPEN', 'SILENCED') AND\s""" + StateSql.RESOLVED + " FETCH FIRST ? ROWS ONLY";
    private static final String NEWS =
            "SELECT a.id, a.namespace, a.service, a.kind, a.severity, a.confidence" + StateSql.FROM
                    + """
            LEFT JOIN notice_states t ON t.receiver = ? AND t.anomaly_id = a.id
            WHERE (t.state IS NULL OR t.state <> 'OPEN' OR t.severity <> a.severity) AND\s""" + StateSql.OPEN;

    private final Database database;
    private final NoticeRules rules;
    private final NoticeWriter writer;

    NoticeSweep(Database database, NoticeRules rules) {
        this.database = database;
        this.rules = rules;
        this.writer = new NoticeWriter(rules);
    }

    /**
     * Queues what is due, a bounded number at a time. Throws {@link StoreException}; what was settled before stays.
     *
     * @param rule as of when all input was last known to be in the database
     * @return whether there may be more
     */
    public boolean run(StateRule rule) {
        boolean more = false;
        for (String receiver : rules.receivers()) {
            Set<String> ids = new LinkedHashSet<>(ended(receiver, rule));
            ids.addAll(news(receiver, rule));
            for (String id : ids) {
                settle(receiver, id);
            }
            more |= ids.size() >= CHANGES_AT_ONCE;
        }
        return more;
    }

    private List<String> ended(String receiver, StateRule rule) {
        List<Object> parameters = new ArrayList<>(List.of(receiver));
        parameters.addAll(StateSql.resolvedParameters(rule));
        parameters.add(CHANGES_AT_ONCE);
        return database.query("looking for anomalies that ended", ENDED, row -> row.getString(1), parameters.toArray());
    }

    private List<String> news(String receiver, StateRule rule) {
        List<Object> parameters = new ArrayList<>(List.of(receiver));
        parameters.addAll(StateSql.openParameters(database, rule));
        List<String> ids = new ArrayList<>();
        database.<Void, RuntimeException>transaction("looking for anomalies to tell", connection -> {
            Database.forEach(
                    connection,
                    NEWS,
                    row -> {
                        AnomalyFacts anomaly = new AnomalyFacts(
                                row.getString(1),
                                row.getString(2),
                                row.getString(3),
                                row.getString(4),
                                row.getString(5),
                                row.getString(6),
                                true);
                        if (ids.size() < CHANGES_AT_ONCE && rules.verdict(receiver, anomaly) == NoticeVerdict.TELL) {
                            ids.add(anomaly.id());
                        }
                    },
                    parameters.toArray());
            return null;
        });
        return ids;
    }

    private void settle(String receiver, String id) {
        database.<Void, RuntimeException>transaction("settling an anomaly", connection -> {
            settle(connection, receiver, id);
            return null;
        });
    }

    private void settle(Connection connection, String receiver, String id) throws SQLException {
        // Whoever writes news of it holds this lock until they are visible.
        boolean there = !Database.query(
                        connection, "SELECT id FROM anomalies WHERE id = ? FOR UPDATE", row -> row.getString(1), id)
                .isEmpty();
        if (there) {
            writer.settle(connection, receiver, List.of(id), true);
        }
    }
}
