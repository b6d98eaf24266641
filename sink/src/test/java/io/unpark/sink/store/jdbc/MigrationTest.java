package io.unpark.sink.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.unpark.sink.store.AnomalyCount;
import io.unpark.sink.store.RouteTotals;
import io.unpark.sink.store.ServiceName;
import io.unpark.sink.store.StorageConfig;
import io.unpark.sink.store.WindowRange;
import io.unpark.sink.store.WindowStep;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Databases that an earlier version filled. */
class MigrationTest {
    private static final long HOUR_NS = 3_600L * 1_000_000_000;

    static Stream<TestDatabase> databases() {
        return TestDatabase.all();
    }

    @ParameterizedTest
    @MethodSource("databases")
    void countsByHourThatWereKeptTwiceAreKeptOnceAndAllOfThem(TestDatabase database) throws Exception {
        // Given hour 1 in both tables, hour 2 only where minutes are, hour 3 only where trends were, and one of an
        // unknown time
        StorageConfig config = database.empty();
        try (Connection connection = DriverManager.getConnection(config.jdbcUrl(), config.user(), config.password());
                Statement statement = connection.createStatement()) {
            JdbcStorage.migrations(config).target("6").load().migrate();
            statement.execute("INSERT INTO anomaly_counts (anomaly_id, step_s, start_ns, subjects, arrived_ms) VALUES"
                    + " ('a', 60, " + HOUR_NS + ", 5, 7), ('a', 3600, " + HOUR_NS + ", 5, 7),"
                    + " ('a', 3600, " + 2 * HOUR_NS + ", 6, 8)");
            statement.execute(
                    "INSERT INTO anomaly_hours (anomaly_id, hour_ns, subjects_before, subjects, arrived_ms) VALUES"
                            + " ('a', " + HOUR_NS + ", 3, 5, 7), ('a', " + 3 * HOUR_NS
                            + ", 6, 9, 10), ('b', 0, 0, 1, 7)");
            try (JdbcStorage storage = new JdbcStorage(config)) {
                // When
                storage.start();
                // Then
                assertThat(storage.anomalies().counts("a", WindowStep.HOUR, 10))
                        .containsExactly(hour(1, 3, 5, 7), hour(2, 0, 6, 8), hour(3, 6, 9, 10));
                assertThat(storage.anomalies().counts("a", WindowStep.MINUTE, 10))
                        .containsExactly(new AnomalyCount("a", WindowStep.MINUTE, HOUR_NS, Optional.of(0L), 5, 7));
                assertThat(storage.trends().hours(List.of("a", "b"), 0)).containsOnlyKeys("a");
            }
        }
    }

    @ParameterizedTest
    @MethodSource("databases")
    void whatIsNotSealedIsRolledUpAgainForTheMap(TestDatabase database) throws Exception {
        // Given two minutes that were computed before there was a row of all routes, of one the windows are gone
        StorageConfig config = database.empty();
        try (Connection connection = DriverManager.getConnection(config.jdbcUrl(), config.user(), config.password());
                Statement statement = connection.createStatement()) {
            JdbcStorage.migrations(config).target("8").load().migrate();
            String span = "('shop', 'orders', 60, %d, 7, FALSE, %s)";
            statement.execute(
                    "INSERT INTO rollup_spans (namespace, service, step_s, start_ns, arrived_ms, due, sealed) VALUES "
                            + span.formatted(HOUR_NS, "TRUE") + ", " + span.formatted(2 * HOUR_NS, "FALSE"));
            String document = "{\"route\":\"GET /\",\"count\":3}";
            statement.execute("INSERT INTO route_rollups (namespace, service, step_s, start_ns, document) VALUES"
                    + " ('shop', 'orders', 60, " + HOUR_NS + ", '" + document + "')");
            statement.execute("INSERT INTO route_windows (id, namespace, service, end_ns, arrived_ms, document) VALUES"
                    + " ('w', 'shop', 'orders', " + (2 * HOUR_NS + 1) + ", 7, '" + document + "')");
            try (JdbcStorage storage = new JdbcStorage(config)) {
                // When
                storage.start();
                storage.rollUps().run(() -> true);
                // Then
                RouteTotals totals = storage.windowSums()
                        .routes(WindowStep.MINUTE, 0, 3 * HOUR_NS, 10)
                        .get(new ServiceName("shop", "orders"));
                assertThat(totals.sum().path("count").asInt()).isEqualTo(3);
                assertThat(storage.windowSums()
                                .routes(new WindowRange(
                                        Optional.of("shop"), "orders", WindowStep.MINUTE, 0, 3 * HOUR_NS, 10))
                                .sum()
                                .path("count")
                                .asInt())
                        .isEqualTo(6);
            }
        }
    }

    private static AnomalyCount hour(int hour, long before, long subjects, long arrivedMs) {
        return new AnomalyCount("a", WindowStep.HOUR, hour * HOUR_NS, Optional.of(before), subjects, arrivedMs);
    }
}
