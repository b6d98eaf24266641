package io.unpark.sink.store.jdbc;

import io.unpark.sink.store.StoreException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;

/** The few shapes of JDBC calls that the room needs. */
final class Database {
    /** A result's row to a value. */
    interface RowReader<T> {
        T read(ResultSet row) throws SQLException;
    }

    /** Takes a result's row. */
    interface RowTaker {
        void take(ResultSet row) throws SQLException;
    }

    /** Work within one transaction. */
    interface Work<T, E extends Exception> {
        T run(Connection connection) throws SQLException, E;
    }

    private static final int FETCH_ROWS = 500;

    private final DataSource source;

    Database(DataSource source) {
        this.source = source;
    }

    <T, E extends Exception> T transaction(String what, Work<T, E> work) throws E {
        try (Connection connection = source.getConnection()) {
            connection.setAutoCommit(false);
            try {
                T result = work.run(connection);
                connection.commit();
                return result;
            } catch (Exception e) {
                rollBack(connection, e);
                throw e;
            }
        } catch (SQLException e) {
            throw new StoreException(what, e);
        }
    }

    /** A connection that is gone has rolled back, and must not hide why. */
    private static void rollBack(Connection connection, Exception why) {
        try {
            connection.rollback();
        } catch (SQLException e) {
            why.addSuppressed(e);
        }
    }

    <T> List<T> query(String what, String sql, RowReader<T> reader, Object... parameters) {
        try (Connection connection = source.getConnection();
                PreparedStatement statement = connection.prepareStatement(sql)) {
            bind(statement, parameters);
            return readAll(statement, reader);
        } catch (SQLException e) {
            throw new StoreException(what, e);
        }
    }

    <T> Optional<T> queryOne(String what, String sql, RowReader<T> reader, Object... parameters) {
        return query(what, sql, reader, parameters).stream().findFirst();
    }

    int update(String what, String sql, Object... parameters) {
        try (Connection connection = source.getConnection()) {
            return update(connection, sql, parameters);
        } catch (SQLException e) {
            throw new StoreException(what, e);
        }
    }

    static int update(Connection connection, String sql, Object... parameters) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            bind(statement, parameters);
            return statement.executeUpdate();
        }
    }

    static <T> List<T> query(Connection connection, String sql, RowReader<T> reader, Object... parameters)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            bind(statement, parameters);
            return readAll(statement, reader);
        }
    }

    /** As {@link #query}, but a result's rows are taken one by one: they need not fit into memory. Within a transaction. */
    static void forEach(Connection connection, String sql, RowTaker taker, Object... parameters) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setFetchSize(FETCH_ROWS);
            bind(statement, parameters);
            try (ResultSet result = statement.executeQuery()) {
                while (result.next()) {
                    taker.take(result);
                }
            }
        }
    }

    static void bind(PreparedStatement statement, Object... parameters) throws SQLException {
        for (int i = 0; i < parameters.length; i++) {
            // Byte strings by their own call: BLOB in H2, BYTEA in PostgreSQL.
            if (parameters[i] instanceof byte[] bytes) {
                statement.setBytes(i + 1, bytes);
            } else {
                statement.setObject(i + 1, parameters[i]);
            }
        }
    }

    private static <T> List<T> readAll(PreparedStatement statement, RowReader<T> reader) throws SQLException {
        List<T> rows = new ArrayList<>();
        try (ResultSet result = statement.executeQuery()) {
            while (result.next()) {
                rows.add(reader.read(result));
            }
        }
        return rows;
    }
}
