package io.unpark.sink.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.unpark.schemas.record.Anomaly;
import io.unpark.schemas.record.Severity;
import io.unpark.sink.Samples;
import io.unpark.sink.consume.TestRows;
import io.unpark.sink.store.AnomalyRow;
import io.unpark.sink.store.SinkBatch;
import io.unpark.sink.store.StateRule;
import io.unpark.sink.store.TrendQueries;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Summaries over anomalies, on every database. */
class TrendQueriesTest extends OnEveryDatabase {
    private static final long HOUR_NS = 3_600 * Samples.SECOND_NS;
    private static final long START_NS = Samples.START_NS;
    private static final long NOW_MS = START_NS / 1_000_000;
    private static final StateRule RULE = new StateRule(NOW_MS, 600_000);

    @Test
    void countsWhatIsOpenByServiceKindAndSeverity() throws Exception {
        // Given one that is resolved, and one that is possible only
        write(
                anomaly("a1", "orders", 0, 0, 3).build(),
                anomaly("a2", "orders", -2 * HOUR_NS, 0, 3).build(),
                anomaly("a3", "stock", 0, 0, 3).setSeverity(Severity.CRITICAL).build(),
                anomaly("a4", "stock", -9 * HOUR_NS, -8 * HOUR_NS, 3).build());
        storage.anomalyStore()
                .write(TestRows.of(
                        List.of(),
                        List.of(
                                Samples.runtimeWindow("orders", 1).build(),
                                Samples.runtimeWindow("stock", 1).build()),
                        List.of(),
                        List.of(),
                        NOW_MS));
        // When
        List<TrendQueries.Cell> cells = storage.trends().open(RULE, START_NS - HOUR_NS);
        // Then
        assertThat(cells)
                .containsExactly(
                        new TrendQueries.Cell("orders", "goroutine_leak", "warning", 2, 1),
                        new TrendQueries.Cell("stock", "goroutine_leak", "critical", 1, 1));
        assertThat(storage.trends().newest(RULE, 2)).containsExactly("a1", "a3");
        assertThat(storage.trends().newestNs(Long.MAX_VALUE)).isEqualTo(START_NS + 2 * Samples.SECOND_NS);
    }

    @Test
    void countsWhatOpenedInEachHour() throws Exception {
        // Given
        write(
                anomaly("a1", "orders", 5, 10, 3).build(),
                anomaly("a2", "orders", 7, 10, 3).build(),
                anomaly("a3", "orders", -HOUR_NS, 10, 3).build(),
                anomaly("a4", "orders", -9 * HOUR_NS, 10, 3).build());
        // When
        List<TrendQueries.Opened> opened = storage.trends().opened(START_NS - 3 * HOUR_NS);
        // Then
        assertThat(opened)
                .containsExactly(
                        new TrendQueries.Opened(START_NS - HOUR_NS, "warning", 1),
                        new TrendQueries.Opened(START_NS, "warning", 2));
    }

    @Test
    void findsThoseThatGrowTheMostFirst() throws Exception {
        // Given one that grows by 90, one by 5, one that shrinks, and one that is new
        long yesterday = -30 * HOUR_NS;
        write(
                anomaly("much", "orders", yesterday, yesterday, 10).build(),
                anomaly("little", "orders", yesterday, -HOUR_NS, 10).build(),
                anomaly("less", "orders", yesterday, yesterday, 10).build());
        write(
                anomaly("much", "orders", yesterday, -HOUR_NS, 40).build(),
                anomaly("little", "orders", yesterday, 0, 15).build(),
                anomaly("less", "orders", yesterday, 0, 8).build(),
                anomaly("new", "orders", 0, 0, 1_000).build());
        write(anomaly("much", "orders", yesterday, 0, 100).build());
        // When
        List<TrendQueries.Grown> grown = storage.trends().grown(RULE, START_NS - 24 * HOUR_NS, 8);
        // Then
        assertThat(grown).extracting(TrendQueries.Grown::id).containsExactly("much", "little");
        assertThat(grown.get(0)).isEqualTo(new TrendQueries.Grown("much", 10, 100));
        assertThat(storage.trends().hours(List.of("much"), START_NS - 24 * HOUR_NS))
                .isEqualTo(Map.of("much", Map.of(START_NS - HOUR_NS, 40L, START_NS, 100L)));
    }

    @Test
    void forgetsTheHoursOfWhatIsDeleted() throws Exception {
        // Given
        write(anomaly("a1", "orders", 0, 0, 3).build());
        Map<String, Optional<AnomalyRow>> tombstone = new LinkedHashMap<>();
        tombstone.put("a1", Optional.empty());
        // When
        storage.anomalyStore().write(new SinkBatch(List.of(), tombstone, List.of(), List.of(), List.of()));
        // Then
        assertThat(storage.trends().hours(List.of("a1"), 0)).isEmpty();
    }

    private static Anomaly.Builder anomaly(String id, String service, long firstNs, long lastNs, long count) {
        return Samples.anomaly(id, service, "goroutine_leak")
                .setFirstSeenNs(START_NS + firstNs)
                .setLastSeenNs(START_NS + lastNs)
                .setCount(count);
    }

    private void write(Anomaly... anomalies) throws Exception {
        storage.anomalyStore().write(TestRows.of(List.of(anomalies), List.of(), List.of(), List.of(), NOW_MS));
    }
}
