package io.unpark.sink.store.jdbc;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;

/**
 * Update, and insert what was not there: two batches that every database understands (MERGE and ON CONFLICT differ). Two
 * writers that insert the same key at once fail by its primary key; the transaction is then tried again.
 *
 * @param update ends in its WHERE clause
 * @param updateValues in the order of its question marks, and {@code insertValues} likewise
 */
record Upsert<T>(String update, Function<T, Object[]> updateValues, String insert, Function<T, Object[]> insertValues) {

    void run(Connection connection, Collection<T> rows) throws SQLException {
        if (rows.isEmpty()) {
            return;
        }
        List<T> absent = new ArrayList<>();
        int[] updated = batch(connection, update, updateValues, rows);
        int i = 0;
        for (T row : rows) {
            if (updated[i++] == 0) {
                absent.add(row);
            }
        }
        if (!absent.isEmpty()) {
            batch(connection, insert, insertValues, absent);
        }
    }

    private static <T> int[] batch(Connection connection, String sql, Function<T, Object[]> values, Collection<T> rows)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (T row : rows) {
                Database.bind(statement, values.apply(row));
                statement.addBatch();
            }
            int[] counts = statement.executeBatch();
            for (int count : counts) {
                if (count == Statement.SUCCESS_NO_INFO) {
                    throw new SQLException("the database driver does not say how many rows a batch changed");
                }
            }
            return counts;
        }
    }
}
