package io.unpark.sink.consume;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.unpark.schemas.TopicLayout;
import io.unpark.schemas.Topics;
import io.unpark.schemas.registry.HttpRegistryClient;
import io.unpark.schemas.registry.RegisteredSchema;
import io.unpark.schemas.registry.RegistryClient;
import io.unpark.schemas.registry.RegistryConfig;
import io.unpark.schemas.registry.RegistryUnavailableException;
import io.unpark.schemas.registry.TopicSerdes;
import io.unpark.sink.Cluster;
import io.unpark.sink.Samples;
import io.unpark.sink.store.AnomalyStore;
import io.unpark.sink.store.OffsetAdvance;
import io.unpark.sink.store.SinkBatch;
import io.unpark.sink.store.SourcePartition;
import io.unpark.sink.store.StaleOwnerException;
import io.unpark.sink.store.StoreException;
import io.unpark.sink.store.jdbc.JdbcStorage;
import io.unpark.sink.store.jdbc.TestDatabase;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.avro.Schema;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Failures between Kafka and the database: each record still has effect once. */
class ExactlyOnceTest {
    private static final int RECORDS = 60;

    @TempDir
    static Path folder;

    private static Cluster cluster;

    @BeforeAll
    static void startCluster() throws Exception {
        cluster = new Cluster(folder);
    }

    @AfterAll
    static void stopCluster() {
        cluster.close();
    }

    /** Fails before or after the database has committed, or lets a rival be faster; remembers which steps went in. */
    private static final class Unreliable implements AnomalyStore {
        private final AnomalyStore real;
        private final List<OffsetAdvance> steps = new ArrayList<>();
        private int calls;

        Unreliable(AnomalyStore real) {
            this.real = real;
        }

        @Override
        public synchronized void write(SinkBatch batch) throws StaleOwnerException {
            switch (calls++ % 4) {
                case 0 -> throw lost();
                case 1 -> {
                    commit(batch);
                    throw lost();
                }
                case 2 -> {
                    commit(batch); // by the rival
                    commit(batch);
                }
                default -> commit(batch);
            }
        }

        private void commit(SinkBatch batch) throws StaleOwnerException {
            real.write(batch);
            steps.addAll(batch.offsets());
        }

        private static StoreException lost() {
            return new StoreException("writing a batch", new SQLException("connection lost", "08006"));
        }

        synchronized int calls() {
            return calls;
        }

        synchronized List<OffsetAdvance> steps() {
            return List.copyOf(steps);
        }

        @Override
        public Map<SourcePartition, Long> nextOffsets(Collection<SourcePartition> sources) {
            return real.nextOffsets(sources);
        }

        @Override
        public int deleteOlder(long anomaliesBeforeMs, long othersBeforeMs) {
            return real.deleteOlder(anomaliesBeforeMs, othersBeforeMs);
        }
    }

    /** Does not answer at first. */
    private static final class Absent implements RegistryClient {
        private final RegistryClient real;
        private final AtomicInteger calls = new AtomicInteger();

        Absent(RegistryClient real) {
            this.real = real;
        }

        @Override
        public Schema schemaOf(int id) {
            if (calls.incrementAndGet() <= 3) {
                throw new RegistryUnavailableException("no registry answers", null);
            }
            return real.schemaOf(id);
        }

        @Override
        public int register(String subject, Schema schema) {
            return real.register(subject, schema);
        }

        @Override
        public int idOf(String subject, Schema schema) {
            return real.idOf(subject, schema);
        }

        @Override
        public RegisteredSchema latest(String subject) {
            return real.latest(subject);
        }

        @Override
        public boolean isCompatible(String subject, Schema schema) {
            return real.isCompatible(subject, schema);
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("io.unpark.sink.store.jdbc.TestDatabase#all")
    void eachStepGoesInOnceWhateverFails(TestDatabase database) throws Exception {
        try (JdbcStorage storage = new JdbcStorage(database.empty())) {
            storage.start();
            TopicLayout layout = cluster.createTopics(database.name() + "-");
            Unreliable store = new Unreliable(storage.anomalyStore());
            try (SinkPipeline pipeline = SinkPipeline.start(
                    Map.of("bootstrap.servers", cluster.bootstrap()),
                    new TopicSerdes(
                            new Absent(new HttpRegistryClient(RegistryConfig.of(cluster.registryUrl()))), false),
                    layout,
                    database.name(),
                    store,
                    storage.slices(),
                    Clock.systemUTC(),
                    new SimpleMeterRegistry())) {
                for (int i = 0; i < RECORDS || store.calls() < 6; i++) {
                    String id = "a" + i % 20;
                    cluster.send(
                            layout,
                            Topics.ANOMALIES,
                            id,
                            Samples.anomaly(id, "orders", "data_race").build());
                }
                Map<TopicPartition, Long> ends = pipeline.ends();
                assertThat(pipeline.awaitProcessed(ends, Duration.ofSeconds(30)))
                        .isTrue();

                ends.forEach((partition, end) ->
                        assertThat(endOfChain(store.steps(), partition)).isEqualTo(end));
            }
        }
    }

    /** Follows the steps of a partition, each of which must begin where the one before it ended. */
    private static long endOfChain(List<OffsetAdvance> steps, TopicPartition partition) {
        long at = OffsetAdvance.ABSENT;
        for (OffsetAdvance step : steps) {
            if (step.source().topic().equals(partition.topic()) && step.source().partition() == partition.partition()) {
                assertThat(step.expected()).isEqualTo(at);
                at = step.next();
            }
        }
        return Math.max(at, 0);
    }
}
