package io.unpark.sink.consume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.unpark.schemas.TopicLayout;
import io.unpark.schemas.Topics;
import io.unpark.schemas.registry.RegistryConfig;
import io.unpark.schemas.registry.TopicSerdes;
import io.unpark.sink.Cluster;
import io.unpark.sink.Samples;
import io.unpark.sink.store.StorageConfig;
import io.unpark.sink.store.jdbc.JdbcStorage;
import io.unpark.sink.store.jdbc.TestPostgres;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** PostgreSQL loses its connections in the middle of writes, and takes no new ones for a while. */
class DatabaseAwayTest {
    /** {@code -Dunpark.database.away.ms=60000} leaves it away for a minute. */
    private static final long AWAY_MS = Long.getLong("unpark.database.away.ms", 3_000);

    private static final int CUTS = 4;
    private static final int RECORDS_BETWEEN_CUTS = 25;
    private static final String WRITES = "SELECT id FROM writes ORDER BY id";

    /** What was committed, kept by the database itself: a client whose connection breaks cannot know. */
    private static final List<String> AUDIT = List.of("CREATE TABLE writes (id VARCHAR NOT NULL)", """
            CREATE FUNCTION audit() RETURNS trigger AS $$
            BEGIN INSERT INTO writes VALUES (NEW.id); RETURN NEW; END $$ LANGUAGE plpgsql""", """
            CREATE TRIGGER audit AFTER INSERT OR UPDATE ON anomalies
            FOR EACH ROW EXECUTE FUNCTION audit()""");

    @TempDir
    Path folder;

    private StorageConfig config;
    private String name;
    private int sent;

    @BeforeEach
    void makeDatabase() {
        assumeTrue(TestPostgres.isThere(), "needs a PostgreSQL");
        config = TestPostgres.emptyDatabase();
        name = config.jdbcUrl().replaceFirst("\\?.*", "").replaceFirst(".*/", "");
    }

    @Test
    void nothingIsLostAndNothingWrittenTwice() throws Exception {
        // Given
        try (Cluster cluster = new Cluster(folder);
                JdbcStorage storage = new JdbcStorage(config)) {
            storage.start();
            for (String statement : AUDIT) {
                inDatabase(statement);
            }
            TopicLayout layout = cluster.createTopics("");
            try (SinkPipeline pipeline = start(cluster, layout, storage)) {
                send(cluster, layout, RECORDS_BETWEEN_CUTS);
                await().until(() -> !written().isEmpty());

                // When
                int cut = 0;
                for (int i = 0; i < CUTS; i++) {
                    send(cluster, layout, RECORDS_BETWEEN_CUTS);
                    cut += cutConnections();
                }
                TestPostgres.asAdmin("ALTER DATABASE " + name + " ALLOW_CONNECTIONS false");
                TestPostgres.asAdmin(
                        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '" + name + "'");
                long backNs = System.nanoTime() + Duration.ofMillis(AWAY_MS).toNanos();
                while (System.nanoTime() < backNs) {
                    send(cluster, layout, 1);
                }
                TestPostgres.asAdmin("ALTER DATABASE " + name + " ALLOW_CONNECTIONS true");
                Map<TopicPartition, Long> ends = pipeline.ends();

                // Then
                assertThat(cut).isGreaterThanOrEqualTo(CUTS);
                assertThat(pipeline.awaitProcessed(ends, Duration.ofSeconds(60)))
                        .isTrue();
                assertThat(written())
                        .isEqualTo(IntStream.range(0, sent)
                                .mapToObj(DatabaseAwayTest::id)
                                .toList());
            }
        }
    }

    private static SinkPipeline start(Cluster cluster, TopicLayout layout, JdbcStorage storage) {
        return SinkPipeline.start(
                Map.of("bootstrap.servers", cluster.bootstrap()),
                TopicSerdes.of(RegistryConfig.of(cluster.registryUrl())),
                layout,
                "sink",
                storage.anomalyStore(),
                storage.slices(),
                Clock.systemUTC(),
                new SimpleMeterRegistry());
    }

    /** Each of another anomaly, so that each must be written once. */
    private void send(Cluster cluster, TopicLayout layout, int records) {
        for (int i = 0; i < records; i++) {
            String id = id(sent++);
            cluster.send(
                    layout,
                    Topics.ANOMALIES,
                    id,
                    Samples.anomaly(id, "orders", "data_race").build());
        }
    }

    private static String id(int number) {
        return String.format("a%06d", number);
    }

    /** Ends what connections the sink has, and waits until it has another one; how many were ended. */
    private int cutConnections() throws SQLException {
        String others = "FROM pg_stat_activity WHERE datname = '" + name + "' AND pid <> pg_backend_pid()";
        await().until(() -> inDatabase("SELECT pid " + others).size() > 0);
        return inDatabase("SELECT pg_terminate_backend(pid) " + others).size();
    }

    private List<String> written() throws SQLException {
        return inDatabase(WRITES);
    }

    private List<String> inDatabase(String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection(config.jdbcUrl(), config.user(), config.password());
                Statement statement = connection.createStatement()) {
            List<String> rows = new ArrayList<>();
            if (statement.execute(sql)) {
                ResultSet result = statement.getResultSet();
                while (result.next()) {
                    rows.add(result.getString(1));
                }
            }
            return rows;
        }
    }
}
