package io.unpark.sink.store.jdbc;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.unpark.sink.store.AnomalyChanges;
import io.unpark.sink.store.AnomalyQueries;
import io.unpark.sink.store.AnomalyRanking;
import io.unpark.sink.store.AnomalyStore;
import io.unpark.sink.store.GraphQueries;
import io.unpark.sink.store.NoticeQueue;
import io.unpark.sink.store.NoticeRules;
import io.unpark.sink.store.ProfileQueries;
import io.unpark.sink.store.RequestQueries;
import io.unpark.sink.store.SliceStore;
import io.unpark.sink.store.StorageConfig;
import io.unpark.sink.store.StoreException;
import io.unpark.sink.store.TrendQueries;
import io.unpark.sink.store.WindowQueries;
import io.unpark.sink.store.WindowSums;
import java.util.Map;
import java.util.Optional;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.configuration.FluentConfiguration;

/** The database: {@link #start} connects and migrates, {@link #check} tells whether it answers. */
public final class JdbcStorage implements AutoCloseable {
    private static final long CONNECT_TIMEOUT_MS = 10_000;

    private final StorageConfig config;
    private HikariDataSource pool;
    private Database database;

    public JdbcStorage(StorageConfig config) {
        this.config = config;
    }

    /** Connects and brings the tables up to date. Throws {@link StoreException} when that fails. */
    public void start() {
        try {
            pool = new HikariDataSource(poolConfig());
            migrations(config).dataSource(pool).load().migrate();
            database = new Database(pool);
        } catch (RuntimeException e) {
            close();
            throw new StoreException("opening " + config, e);
        }
    }

    /** What makes the tables, by connections of its own. */
    static FluentConfiguration migrations(StorageConfig config) {
        return Flyway.configure(JdbcStorage.class.getClassLoader())
                .dataSource(config.jdbcUrl(), config.user(), config.password())
                .locations("classpath:io/unpark/sink/db")
                .placeholders(Map.of("blob", config.jdbcUrl().startsWith("jdbc:postgresql:") ? "BYTEA" : "BLOB"));
    }

    private HikariConfig poolConfig() {
        HikariConfig hikari = new HikariConfig();
        hikari.setPoolName("unpark-sink");
        hikari.setJdbcUrl(config.jdbcUrl());
        hikari.setUsername(config.user());
        hikari.setPassword(config.password());
        hikari.setMaximumPoolSize(config.connections());
        hikari.setConnectionTimeout(CONNECT_TIMEOUT_MS);
        return hikari;
    }

    /** Throws {@link StoreException} when the database does not answer. */
    public void check() {
        database().query("asking the database for its pulse", "SELECT 1", row -> row.getInt(1));
    }

    /** One that tells nobody. */
    public AnomalyStore anomalyStore() {
        return anomalyStore(NoticeRules.NONE);
    }

    /** One that queues notices in the transactions that make them due. */
    public AnomalyStore anomalyStore(NoticeRules rules) {
        return new JdbcAnomalyStore(database(), rules);
    }

    public NoticeQueue notices() {
        return new JdbcNoticeQueue(database());
    }

    public NoticeSweep noticeSweep(NoticeRules rules) {
        return new NoticeSweep(database(), rules);
    }

    public AnomalyQueries anomalies() {
        return new JdbcAnomalyQueries(database());
    }

    public AnomalyRanking ranking() {
        return new JdbcAnomalyRanking(database());
    }

    public AnomalyChanges changes() {
        return new JdbcAnomalyChanges(database());
    }

    public WindowQueries windows() {
        return new JdbcWindowQueries(database());
    }

    public WindowSums windowSums() {
        return new JdbcWindowSums(database());
    }

    public GraphQueries graph() {
        return new JdbcGraphQueries(database());
    }

    public TrendQueries trends() {
        return new JdbcTrendQueries(database());
    }

    public ProfileQueries profiles() {
        return new JdbcProfileQueries(database());
    }

    public RollUps rollUps() {
        return new RollUps(database());
    }

    public RequestQueries requests() {
        Database open = database();
        return id -> open.queryOne(
                "reading a request", "SELECT document FROM requests WHERE id = ?", row -> row.getBytes(1), id);
    }

    public SliceStore slices() {
        return new JdbcSliceStore(database());
    }

    private Database database() {
        return Optional.ofNullable(database)
                .orElseThrow(() -> new IllegalStateException("the storage has not been started"));
    }

    @Override
    public void close() {
        if (pool != null) {
            pool.close();
        }
    }
}
