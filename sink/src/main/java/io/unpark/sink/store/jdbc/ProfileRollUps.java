package io.unpark.sink.store.jdbc;

import io.unpark.sink.store.WindowStep;
import io.unpark.sink.store.stacks.StackDocument;
import io.unpark.sink.store.stacks.StackSums;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Map;
import java.util.TreeMap;

/** Profiles rolled up with the windows of the same span: by version, instances together. */
final class ProfileRollUps {
    /** Entries that a minute keeps, and an hour. */
    static final int MINUTE_ENTRIES_MAX = 500;

    private static final int HOUR_ENTRIES_MAX = 1_000;

    private ProfileRollUps() {}

    static void minute(Connection connection, RollUpSpan span) throws SQLException {
        Map<String, StackSums> sums = sums(
                connection,
                "profiles WHERE service = ? AND namespace = ? AND end_ns >= ? AND end_ns < ?",
                span.service(),
                span.namespace(),
                span.startNs(),
                span.endNs());
        insert(connection, span, sums, MINUTE_ENTRIES_MAX);
    }

    static void hour(Connection connection, RollUpSpan span) throws SQLException {
        Map<String, StackSums> sums = sums(
                connection,
                "profile_rollups WHERE service = ? AND namespace = ? AND step_s = ? AND start_ns >= ? AND start_ns < ?",
                span.service(),
                span.namespace(),
                WindowStep.MINUTE.seconds(),
                span.startNs(),
                span.endNs());
        insert(connection, span, sums, HOUR_ENTRIES_MAX);
    }

    /** By version. */
    private static Map<String, StackSums> sums(Connection connection, String from, Object... parameters)
            throws SQLException {
        Map<String, StackSums> sums = new TreeMap<>();
        Database.forEach(
                connection,
                "SELECT version, document FROM " + from,
                row -> StackDocument.read(row.getBytes(2), of(sums, row.getString(1))),
                parameters);
        return sums;
    }

    private static StackSums of(Map<String, StackSums> sums, String version) {
        return sums.computeIfAbsent(version, it -> new StackSums());
    }

    private static void insert(Connection connection, RollUpSpan span, Map<String, StackSums> sums, int most)
            throws SQLException {
        String sql = "INSERT INTO profile_rollups (step_s, start_ns, namespace, service, version, document)"
                + " VALUES (?, ?, ?, ?, ?, ?)";
        try (PreparedStatement insert = connection.prepareStatement(sql)) {
            for (Map.Entry<String, StackSums> version : sums.entrySet()) {
                Database.bind(
                        insert,
                        span.step().seconds(),
                        span.startNs(),
                        span.namespace(),
                        span.service(),
                        version.getKey(),
                        version.getValue().document(most));
                insert.addBatch();
            }
            insert.executeBatch();
        }
    }
}
