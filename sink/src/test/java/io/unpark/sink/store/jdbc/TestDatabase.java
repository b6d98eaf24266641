package io.unpark.sink.store.jdbc;

import io.unpark.sink.store.StorageConfig;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * A kind of database that the sink must work with.
 *
 * @param fresh an empty one
 */
public record TestDatabase(String name, Supplier<StorageConfig> fresh) {
    /** All that there are here: H2 always, PostgreSQL where one can be had. */
    public static Stream<TestDatabase> all() {
        TestDatabase h2 = new TestDatabase("H2", () -> StorageConfig.inMemory("contract;DB_CLOSE_DELAY=0"));
        return TestPostgres.isThere()
                ? Stream.of(h2, new TestDatabase("PostgreSQL", TestPostgres::emptyDatabase))
                : Stream.of(h2);
    }

    public StorageConfig empty() {
        return fresh.get();
    }

    @Override
    public String toString() {
        return name;
    }
}
