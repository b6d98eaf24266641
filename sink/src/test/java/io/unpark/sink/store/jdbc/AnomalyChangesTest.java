package io.unpark.sink.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.unpark.sink.Samples;
import io.unpark.sink.consume.TestRows;
import io.unpark.sink.store.AnomalyChange;
import io.unpark.sink.store.AnomalyChanges;
import io.unpark.sink.store.AnomalyState;
import io.unpark.sink.store.SinkBatch;
import io.unpark.sink.store.StateRule;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** The order of changes, on every database. */
@ParameterizedClass(name = "{0}")
@MethodSource("io.unpark.sink.store.jdbc.TestDatabase#all")
final class AnomalyChangesTest {
    private static final long NOW_MS = Samples.START_NS / 1_000_000;
    private static final StateRule NOW = new StateRule(NOW_MS, 600_000);
    private static final StateRule LATER = new StateRule(NOW_MS + 600_001, 600_000);
    private static final int MANY = 100;

    @Parameter
    TestDatabase database;

    private JdbcStorage storage;
    private AnomalyChanges changes;

    @BeforeEach
    void open() {
        storage = new JdbcStorage(database.empty());
        storage.start();
        changes = storage.changes();
    }

    @AfterEach
    void close() {
        storage.close();
    }

    @Test
    void eachAnomalyIsToldOnceWithItsLastChange() throws Exception {
        write("a", "b");
        long first = changes.last();
        write("a");
        write("a", "c");

        assertThat(changes.since(0, MANY, NOW)).extracting(AnomalyChange::id).containsExactly("b", "a", "c");
        assertThat(changes.since(first, MANY, NOW))
                .extracting(AnomalyChange::id)
                .containsExactly("a", "c");
        assertThat(changes.since(changes.last(), MANY, NOW)).isEmpty();
        assertThat(changes.since(0, 2, NOW)).hasSize(2);
    }

    @Test
    void whatTimeAloneChangesIsAChangeOnce() throws Exception {
        write("a", "b");
        assertThat(changes.settle(NOW)).isZero();
        long seen = changes.last();

        assertThat(changes.settle(LATER)).isEqualTo(2);

        assertThat(changes.since(seen, MANY, LATER))
                .extracting(AnomalyChange::state)
                .containsExactly(AnomalyState.RESOLVED, AnomalyState.RESOLVED);
        assertThat(changes.settle(LATER)).isZero();
        assertThat(changes.last()).isEqualTo(seen + 2);
    }

    @Test
    void whatIsSeenAgainOpensAgain() throws Exception {
        write("a");
        changes.settle(LATER);
        long seen = changes.last();

        write("a");

        assertThat(changes.settle(NOW)).isEqualTo(1);
        assertThat(changes.since(seen, MANY, NOW))
                .singleElement()
                .extracting(AnomalyChange::state)
                .isEqualTo(AnomalyState.OPEN);
    }

    @Test
    void whatIsDeletedIsForgotten() throws Exception {
        write("a", "b", "c");
        storage.anomalyStore()
                .write(new SinkBatch(List.of(), Map.of("a", Optional.empty()), List.of(), List.of(), List.of()));

        assertThat(changes.since(0, MANY, NOW)).extracting(AnomalyChange::id).containsExactly("b", "c");
        storage.anomalyStore().deleteOlder(NOW_MS + 1, NOW_MS + 1);
        assertThat(changes.since(0, MANY, NOW)).isEmpty();
        write("a");
        assertThat(changes.since(0, MANY, NOW)).extracting(AnomalyChange::id).containsExactly("a");
    }

    @Test
    void aFollowerMissesNothingOfWritersAtOnce() throws Exception {
        ExecutorService writers = Executors.newFixedThreadPool(4);
        List<Future<?>> running = new ArrayList<>();
        for (int writer = 0; writer < 4; writer++) {
            String name = "w" + writer + "-";
            running.add(writers.submit(() -> {
                for (int i = 0; i < 25; i++) {
                    write(name + i, name + (i + 1) % 25);
                }
                return null;
            }));
        }

        List<String> told = new ArrayList<>();
        long position = 0;
        boolean ended;
        do {
            ended = running.stream().allMatch(Future::isDone);
            changes.settle(LATER);
            for (AnomalyChange change : changes.since(position, MANY, LATER)) {
                told.add(change.id());
                assertThat(change.number()).isGreaterThan(position);
                position = change.number();
            }
        } while (!ended || position < changes.last());

        writers.shutdown();
        for (Future<?> each : running) {
            each.get();
        }
        assertThat(told).contains(ids(4, 25));
    }

    private static String[] ids(int writers, int each) {
        List<String> ids = new ArrayList<>();
        for (int writer = 0; writer < writers; writer++) {
            for (int i = 0; i < each; i++) {
                ids.add("w" + writer + "-" + i);
            }
        }
        return ids.toArray(String[]::new);
    }

    private void write(String... ids) throws Exception {
        var anomalies = new ArrayList<io.unpark.schemas.record.Anomaly>();
        for (String id : ids) {
            // Services of their own: rows that are written at once are not of one partition's owner here.
            anomalies.add(Samples.anomaly(id, "orders-" + id, "goroutine_leak").build());
        }
        storage.anomalyStore().write(TestRows.of(anomalies, List.of(), List.of(), List.of(), NOW_MS));
    }
}
