package io.unpark.sink.store.jdbc;

import io.unpark.sink.store.StorageConfig;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A real PostgreSQL for all tests of this process: the server that {@code UNPARK_TEST_POSTGRES} names (a JDBC address with user
 * and password, whose user may make databases), else one that is unpacked and started here. The latter is for Linux on x86-64.
 */
public final class TestPostgres {
    private static final String SERVER = "UNPARK_TEST_POSTGRES";
    private static final AtomicInteger DATABASES = new AtomicInteger();
    private static final Optional<String> ADMIN = start();

    private TestPostgres() {}

    public static boolean isThere() {
        return ADMIN.isPresent();
    }

    /** Makes a database. */
    public static StorageConfig emptyDatabase() {
        String name = "unpark_" + ProcessHandle.current().pid() + "_" + DATABASES.incrementAndGet();
        String admin = ADMIN.orElseThrow();
        try (Connection connection = DriverManager.getConnection(admin);
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE DATABASE " + name);
            return new StorageConfig(
                    admin.replaceFirst("/[^/?]*(\\?|$)", "/" + name + "$1"),
                    connection.getMetaData().getUserName(),
                    Optional.ofNullable(password(admin)).orElse(""),
                    4);
        } catch (SQLException e) {
            throw new IllegalStateException("cannot make a database on " + SERVER, e);
        }
    }

    /** Runs a statement as the user who may make databases, connected to none of those of {@link #emptyDatabase}. */
    public static void asAdmin(String sql) {
        try (Connection connection = DriverManager.getConnection(ADMIN.orElseThrow());
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    private static String password(String url) {
        int at = url.indexOf("password=");
        return at < 0 ? null : url.substring(at + "password=".length()).split("&", 2)[0];
    }

    private static Optional<String> start() {
        String server = System.getenv(SERVER);
        if (server != null) {
            return Optional.of(server);
        }
        if (!System.getProperty("os.name").equals("Linux")
                || !System.getProperty("os.arch").equals("amd64")) {
            System.out.println("Skipped with PostgreSQL: none for this system; name one by " + SERVER);
            return Optional.empty();
        }
        try {
            EmbeddedPostgres started = EmbeddedPostgres.builder().start();
            return Optional.of(started.getJdbcUrl("postgres", "postgres"));
        } catch (IOException | RuntimeException e) {
            System.out.println("Skipped with PostgreSQL: it does not start (" + e + "); name one by " + SERVER);
            return Optional.empty();
        }
    }
}
