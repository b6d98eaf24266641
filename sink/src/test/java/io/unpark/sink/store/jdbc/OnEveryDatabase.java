package io.unpark.sink.store.jdbc;

import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** Tests that hold on every database that there is here, each on an empty one. */
@ParameterizedClass(name = "{0}")
@MethodSource("databases")
abstract class OnEveryDatabase {
    @Parameter
    TestDatabase database;

    JdbcStorage storage;

    static Stream<TestDatabase> databases() {
        return TestDatabase.all();
    }

    @BeforeEach
    void openStorage() {
        storage = new JdbcStorage(database.empty());
        storage.start();
    }

    @AfterEach
    void closeStorage() {
        storage.close();
    }
}
