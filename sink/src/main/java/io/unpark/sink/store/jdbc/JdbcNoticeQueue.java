package io.unpark.sink.store.jdbc;

import io.unpark.sink.store.Notice;
import io.unpark.sink.store.NoticeChange;
import io.unpark.sink.store.NoticeDrop;
import io.unpark.sink.store.NoticeQueue;
import io.unpark.sink.store.NoticeQueueState;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** The queues by JDBC. */
final class JdbcNoticeQueue implements NoticeQueue {
    private static final int ERROR_CHARS_MAX = 500;
    private static final String COLUMNS = """
            SELECT id, notice_id, change, anomaly_id, namespace, service, kind, severity, severity_before, withdrawn,
                since_ms, created_ms, batch, attempts, document FROM notices WHERE receiver = ?""";
    private static final String OPEN = """
            SELECT 0 AS id, '' AS notice_id, 'OPENED' AS change, a.id AS anomaly_id, a.namespace, a.service, a.kind,
                t.severity, t.severity AS severity_before, FALSE AS withdrawn, t.since_ms, t.since_ms AS created_ms,
                '' AS batch, 0 AS attempts, a.document
            FROM notice_states t JOIN anomalies a ON a.id = t.anomaly_id
            WHERE t.receiver = ? AND t.state = 'OPEN' AND t.anomaly_id > ?
            ORDER BY t.anomaly_id FETCH FIRST ? ROWS ONLY""";
    private static final String STATES = """
            SELECT r.*, (SELECT COUNT(*) FROM notices n WHERE n.receiver = r.receiver) AS pending,
                (SELECT COALESCE(MIN(n.created_ms), 0) FROM notices n WHERE n.receiver = r.receiver) AS oldest_ms
            FROM notice_receivers r\s""";
    private static final String LEASE = """
            UPDATE notice_receivers SET owner = ?, lease_until_ms = ?
            WHERE receiver = ? AND (owner = ? OR lease_until_ms < ?)""";
    private static final String NEW_RECEIVER = """
            INSERT INTO notice_receivers (receiver, owner, lease_until_ms, next_attempt_ms, refreshed_ms, failures,
                last_error, sent, failed, dropped_rows, dropped_age, dropped_attempts, dropped_refused, drops_untold)
            VALUES (?, '', 0, 0, 0, 0, '', 0, 0, 0, 0, 0, 0, 0)""";
    private static final String SENT = """
            UPDATE notice_receivers SET sent = sent + ?, failures = 0, last_error = '', next_attempt_ms = 0,
                drops_untold = GREATEST(0, drops_untold - ?) WHERE receiver = ?""";
    private static final String FAILED = """
            UPDATE notice_receivers SET failed = failed + 1, failures = failures + 1, last_error = ?, next_attempt_ms = ?
            WHERE receiver = ?""";

    private final Database database;

    JdbcNoticeQueue(Database database) {
        this.database = database;
    }

    @Override
    public void register(List<String> receivers) {
        for (String receiver : receivers) {
            String count = "SELECT COUNT(*) FROM notice_receivers WHERE receiver = ?";
            long there = database.queryOne("looking for a receiver", count, row -> row.getLong(1), receiver)
                    .orElse(0L);
            if (there == 0) {
                database.update("keeping a receiver", NEW_RECEIVER, receiver);
            }
        }
    }

    @Override
    public List<NoticeQueueState> states() {
        return database.query("reading the queues", STATES + "ORDER BY r.receiver", JdbcNoticeQueue::state);
    }

    @Override
    public NoticeQueueState state(String receiver) {
        return database.queryOne("reading a queue", STATES + "WHERE r.receiver = ?", JdbcNoticeQueue::state, receiver)
                .orElseThrow(() -> new IllegalStateException(receiver + " is not registered"));
    }

    private static NoticeQueueState state(ResultSet row) throws SQLException {
        Map<NoticeDrop, Long> dropped = new EnumMap<>(NoticeDrop.class);
        for (NoticeDrop reason : NoticeDrop.values()) {
            dropped.put(reason, row.getLong(reason.column()));
        }
        return new NoticeQueueState(
                row.getString("receiver"),
                row.getLong("pending"),
                row.getLong("oldest_ms"),
                row.getLong("next_attempt_ms"),
                row.getLong("refreshed_ms"),
                row.getInt("failures"),
                row.getString("last_error"),
                row.getLong("sent"),
                row.getLong("failed"),
                dropped,
                row.getLong("drops_untold"));
    }

    @Override
    public boolean lease(String receiver, String owner, long nowMs, long untilMs) {
        return database.update("taking a queue", LEASE, owner, untilMs, receiver, owner, nowMs) > 0;
    }

    @Override
    public void release(String receiver, String owner) {
        database.update(
                "leaving a queue",
                "UPDATE notice_receivers SET lease_until_ms = 0 WHERE receiver = ? AND owner = ?",
                receiver,
                owner);
    }

    @Override
    public List<Notice> oldest(String receiver, int limit) {
        return database.query(
                "reading what is to be sent",
                COLUMNS + " ORDER BY id FETCH FIRST ? ROWS ONLY",
                JdbcNoticeQueue::notice,
                receiver,
                limit);
    }

    @Override
    public List<Notice> batch(String receiver, String batch) {
        return database.query(
                "reading a batch", COLUMNS + " AND batch = ? ORDER BY id", JdbcNoticeQueue::notice, receiver, batch);
    }

    private static Notice notice(ResultSet row) throws SQLException {
        return new Notice(
                row.getLong("id"),
                row.getString("notice_id"),
                NoticeChange.valueOf(row.getString("change")),
                row.getString("anomaly_id"),
                row.getString("namespace"),
                row.getString("service"),
                row.getString("kind"),
                row.getString("severity"),
                row.getString("severity_before"),
                row.getBoolean("withdrawn"),
                row.getLong("since_ms"),
                row.getLong("created_ms"),
                row.getString("batch"),
                row.getInt("attempts"),
                row.getString("document"));
    }

    @Override
    public void assign(String batch, List<Notice> notices) {
        each("putting notices into a batch", "UPDATE notices SET batch = ? WHERE id = ?", notices, batch);
    }

    /** One statement with {@code values} and the row's id, for each; returns how many rows it changed. */
    private int each(String what, String sql, List<Notice> notices, Object... values) {
        return database.<Integer, RuntimeException>transaction(
                what, connection -> each(connection, sql, notices, values));
    }

    private static int each(Connection connection, String sql, List<Notice> notices, Object... values)
            throws SQLException {
        int changed = 0;
        for (Notice notice : notices) {
            Object[] parameters = Arrays.copyOf(values, values.length + 1);
            parameters[values.length] = notice.row();
            changed += Database.update(connection, sql, parameters);
        }
        return changed;
    }

    @Override
    public void sent(String receiver, List<Notice> notices, long dropsTold) {
        database.<Void, RuntimeException>transaction("keeping what was sent", connection -> {
            int gone = each(connection, "DELETE FROM notices WHERE id = ?", notices);
            Database.update(connection, SENT, gone, dropsTold, receiver);
            return null;
        });
    }

    @Override
    public void failed(String receiver, List<Notice> notices, String error, long nextAttemptMs) {
        String shortened = error.length() > ERROR_CHARS_MAX ? error.substring(0, ERROR_CHARS_MAX) : error;
        database.<Void, RuntimeException>transaction("keeping what failed", connection -> {
            each(connection, "UPDATE notices SET attempts = attempts + 1 WHERE id = ?", notices);
            Database.update(connection, FAILED, shortened.replace('\0', ' '), nextAttemptMs, receiver);
            return null;
        });
    }

    @Override
    public void drop(String receiver, List<Notice> notices, NoticeDrop reason) {
        database.<Void, RuntimeException>transaction("dropping notices", connection -> {
            int gone = each(connection, "DELETE FROM notices WHERE id = ?", notices);
            countDropped(connection, receiver, gone, reason);
            return null;
        });
    }

    @Override
    public int dropOlder(long createdBeforeMs) {
        return database.<Integer, RuntimeException>transaction("dropping old notices", connection -> {
            int dropped = 0;
            String select = "SELECT DISTINCT receiver FROM notices WHERE created_ms < ? ORDER BY receiver";
            for (String receiver : Database.query(connection, select, row -> row.getString(1), createdBeforeMs)) {
                String delete = "DELETE FROM notices WHERE receiver = ? AND created_ms < ?";
                int gone = Database.update(connection, delete, receiver, createdBeforeMs);
                countDropped(connection, receiver, gone, NoticeDrop.AGE);
                dropped += gone;
            }
            return dropped;
        });
    }

    static void countDropped(Connection connection, String receiver, int count, NoticeDrop reason) throws SQLException {
        String sql = "UPDATE notice_receivers SET %1$s = %1$s + ?, drops_untold = drops_untold + ? WHERE receiver = ?"
                .formatted(reason.column());
        Database.update(connection, sql, count, count, receiver);
    }

    @Override
    public List<Notice> open(String receiver, String afterAnomalyId, int limit) {
        return database.query("reading what is open", OPEN, JdbcNoticeQueue::notice, receiver, afterAnomalyId, limit);
    }

    @Override
    public void refreshed(String receiver, long nowMs) {
        database.update(
                "keeping when was sent anew",
                "UPDATE notice_receivers SET refreshed_ms = ? WHERE receiver = ?",
                nowMs,
                receiver);
    }
}
