package io.unpark.sink;

import io.javalin.config.JavalinConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.unpark.schemas.registry.TopicSerdes;
import io.unpark.sink.api.SinkRoutes;
import io.unpark.sink.consume.ConsumerStatus;
import io.unpark.sink.consume.SinkPipeline;
import io.unpark.sink.notify.Notifier;
import io.unpark.sink.store.AnomalyQueries;
import io.unpark.sink.store.NoticeRules;
import io.unpark.sink.store.StateRule;
import io.unpark.sink.store.StoreException;
import io.unpark.sink.store.jdbc.JdbcStorage;
import io.unpark.sink.store.jdbc.RollUps;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads anomalies, windows and requests into a database and answers for them over HTTP. The topics exist before
 * {@link #start}; routes are registered after it.
 */
public final class Sink implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Sink.class);
    private static final long RETENTION_EVERY_MINUTES = 60;
    private static final long ROLL_UP_EVERY_S = 30;
    private static final long COUNT_EVERY_S = 15;
    private static final long CLOSE_TIMEOUT_S = 5;

    private final SinkConfig config;
    private final Clock clock;
    private final PrometheusMeterRegistry metrics;
    private final Supplier<List<RefusedInput>> refused;
    private final Supplier<Map<String, Object>> moreStatus;
    private final JdbcStorage storage;
    private final ScheduledExecutorService retention;
    private SinkPipeline pipeline;
    private Notifier notifier;

    /**
     * @param clock the wall clock
     * @param metrics of the whole process
     * @param refused input that others of this process refused, for the status page
     */
    public Sink(SinkConfig config, Clock clock, PrometheusMeterRegistry metrics, Supplier<List<RefusedInput>> refused) {
        this(config, clock, metrics, refused, Map::of);
    }

    /**
     * As above.
     *
     * @param moreStatus sections that others of this process add to the status page, as JSON's own types
     */
    public Sink(
            SinkConfig config,
            Clock clock,
            PrometheusMeterRegistry metrics,
            Supplier<List<RefusedInput>> refused,
            Supplier<Map<String, Object>> moreStatus) {
        this.config = config;
        this.clock = clock;
        this.metrics = metrics;
        this.refused = refused;
        this.moreStatus = moreStatus;
        this.storage = new JdbcStorage(config.storage());
        this.retention = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "unpark-sink-retention");
            thread.setDaemon(true);
            return thread;
        });
    }

    /**
     * Opens the database, brings its tables up to date and begins to read.
     *
     * @throws StoreException when the database cannot be opened
     * @throws org.apache.kafka.common.KafkaException when the settings for Kafka are not usable
     */
    public void start() {
        storage.start();
        NoticeRules notices = Notifier.rules(config.notifications(), this::stateRule);
        pipeline = SinkPipeline.start(
                config.kafka(),
                TopicSerdes.of(config.registry()),
                config.topics(),
                config.groupId(),
                storage.anomalyStore(notices),
                storage.slices(),
                clock,
                metrics);
        notifier = new Notifier(
                config.notifications(), storage, notices, new CaughtUp(pipeline, this::stateRule), metrics, clock);
        notifier.start();
        retention.scheduleWithFixedDelay(this::deleteOld, 0, RETENTION_EVERY_MINUTES, TimeUnit.MINUTES);
        retention.scheduleWithFixedDelay(this::rollUp, ROLL_UP_EVERY_S, ROLL_UP_EVERY_S, TimeUnit.SECONDS);
        OpenAnomalyMeter open = new OpenAnomalyMeter(storage.anomalies(), metrics);
        retention.scheduleWithFixedDelay(() -> countOpen(open), 0, COUNT_EVERY_S, TimeUnit.SECONDS);
    }

    private void countOpen(OpenAnomalyMeter open) {
        try {
            open.look(stateRule());
        } catch (RuntimeException e) {
            // An exception that came through would end all further looks.
            LOG.warn("Open anomalies are counted later: {}", e.toString());
        }
    }

    private void rollUp() {
        try {
            RollUps rollUps = storage.rollUps();
            rollUps.run(() -> !retention.isShutdown());
            rollUps.expire(clock.millis(), config.rollUps(), () -> !retention.isShutdown());
        } catch (StoreException e) {
            LOG.warn("Windows are rolled up later: {}", e.toString());
        } catch (RuntimeException e) {
            // An exception that came through would end all further runs.
            LOG.error("Windows are not rolled up", e);
        }
    }

    private void deleteOld() {
        try {
            int deleted = storage.anomalyStore()
                    .deleteOlder(
                            clock.instant().minus(config.anomalyRetention()).toEpochMilli(),
                            clock.instant().minus(config.windowRetention()).toEpochMilli());
            LOG.info("Deleted {} rows past their retention", deleted);
        } catch (StoreException e) {
            LOG.warn("Rows past their retention stay for now: {}", e.toString());
        }
    }

    /** Registers the API and the web page on a server that is being configured. */
    public void register(JavalinConfig server) {
        new SinkRoutes(storage, status(), this::stateRule, refused, this::statusSections, clock).register(server);
    }

    private Map<String, Object> statusSections() {
        Map<String, Object> sections = new LinkedHashMap<>(moreStatus.get());
        sections.put("notifications", notifier.status());
        return sections;
    }

    /**
     * Registers {@code /healthz}, {@code /readyz} and {@code /metrics}.
     *
     * @param moreChecks of others in this process, by name: empty when fine, else what is wrong
     */
    public void registerOperations(JavalinConfig server, Map<String, Supplier<Optional<String>>> moreChecks) {
        Map<String, Supplier<Optional<String>>> checks = new HashMap<>(moreChecks);
        checks.put(
                "sink",
                () -> status().ready()
                        ? Optional.empty()
                        : Optional.of(status().error().orElse("starting")));
        checks.put("database", this::databaseTrouble);
        SinkRoutes.registerOperations(server, checks, metrics);
    }

    private Optional<String> databaseTrouble() {
        try {
            storage.check();
            return Optional.empty();
        } catch (StoreException e) {
            return Optional.of("it does not answer");
        }
    }

    /** Reads the anomalies in this process, without HTTP. */
    public AnomalyQueries anomalies() {
        return storage.anomalies();
    }

    /** When an anomaly counts as resolved, as of now. */
    public StateRule stateRule() {
        return new StateRule(clock.millis(), config.quiet().toMillis());
    }

    public ConsumerStatus status() {
        return pipeline.status();
    }

    /** The ends of the sink's topics as they are now, transactions under way included, by partition. */
    public Map<TopicPartition, Long> endOffsets() {
        return pipeline.ends();
    }

    /** Whether all records before these ends are in the database. Throws {@code KafkaException}, {@link StoreException}. */
    public boolean processed(Map<TopicPartition, Long> ends) {
        return pipeline.processed(ends);
    }

    /** Whether all that the topics hold now is in the database, and no slice waits to be copied. */
    public boolean caughtUp() {
        return processed(endOffsets()) && pipeline.slicesSettled();
    }

    /** Waits until {@link #processed}; false when it takes longer than {@code timeout}. */
    public boolean awaitProcessed(Map<TopicPartition, Long> ends, Duration timeout) throws InterruptedException {
        return pipeline.awaitProcessed(ends, timeout);
    }

    @Override
    public void close() {
        stopRetention();
        if (pipeline != null) {
            pipeline.close();
        }
        if (notifier != null) {
            notifier.close();
        }
        storage.close();
    }

    /** Without an interrupt, which H2 answers by closing its file under the last writes. */
    private void stopRetention() {
        retention.shutdown();
        try {
            if (!retention.awaitTermination(CLOSE_TIMEOUT_S, TimeUnit.SECONDS)) {
                LOG.info("Rows past their retention are still being deleted; the database undoes what is not done");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
