package io.unpark.sink.store;

import java.nio.file.Path;

/**
 * Where the database is.
 *
 * @param jdbcUrl H2 or PostgreSQL
 * @param password never logged
 * @param connections at most so many at once
 */
public record StorageConfig(String jdbcUrl, String user, String password, int connections) {
    /** A commit is in the file when it is done. A killed process loses half a second of them without it, and tells twice, with two keys. */
    private static final String AT_ONCE = ";WRITE_DELAY=0";

    private static final int CONNECTIONS = 8;

    /** H2 in files under a folder, which is made when needed. */
    public static StorageConfig embedded(Path folder) {
        return new StorageConfig(
                "jdbc:h2:file:" + folder.toAbsolutePath().resolve("unpark") + AT_ONCE, "sa", "", CONNECTIONS);
    }

    /** H2 in memory: gone when its storage is closed. */
    public static StorageConfig inMemory(String name) {
        return new StorageConfig("jdbc:h2:mem:" + name, "sa", "", CONNECTIONS);
    }

    @Override
    public String toString() {
        return "StorageConfig[" + jdbcUrl + ", " + user + "]";
    }
}
