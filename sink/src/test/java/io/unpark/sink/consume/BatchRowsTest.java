package io.unpark.sink.consume;

import static org.assertj.core.api.Assertions.assertThat;

import io.unpark.sink.store.AnomalyCount;
import io.unpark.sink.store.AnomalyRow;
import io.unpark.sink.store.WindowStep;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What a batch keeps of the records of one key. */
class BatchRowsTest {
    private static final long HOUR_NS = 3_600L * 1_000_000_000;

    @Test
    void anHourKnowsWhatWasBeforeItsFirstWord() {
        // Given an anomaly twice in one hour, and once in the next
        BatchRows rows = new BatchRows();
        rows.put(anomaly(3, HOUR_NS));
        rows.put(anomaly(5, HOUR_NS + 1));
        rows.put(anomaly(9, 2 * HOUR_NS));
        // When
        List<AnomalyCount> hours = rows.with(List.of()).counts().stream()
                .filter(count -> count.step() == WindowStep.HOUR)
                .toList();
        // Then the database is asked for what was before the first
        assertThat(hours)
                .containsExactly(
                        new AnomalyCount("a", WindowStep.HOUR, HOUR_NS, Optional.empty(), 5, 1),
                        new AnomalyCount("a", WindowStep.HOUR, 2 * HOUR_NS, Optional.of(5L), 9, 1));
    }

    @Test
    void oneThatComesBackAfterItsDeletionBeginsAnew() {
        BatchRows rows = new BatchRows();
        rows.put(anomaly(3, HOUR_NS));
        rows.delete("a");
        rows.put(anomaly(1, HOUR_NS));

        assertThat(rows.with(List.of()).counts())
                .extracting(AnomalyCount::before)
                .containsExactly(Optional.of(0L), Optional.of(0L));
    }

    private static AnomalyRow anomaly(long count, long lastSeenNs) {
        return new AnomalyRow(
                "a", "", "orders", "data_race", "warning", "certain", count, 1, lastSeenNs, 1, "f", List.of(), "{}");
    }
}
