package io.unpark.sink.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.unpark.sink.store.AnomalyCount;
import io.unpark.sink.store.AnomalyRow;
import io.unpark.sink.store.SinkBatch;
import io.unpark.sink.store.StaleOwnerException;
import io.unpark.sink.store.WindowStep;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** How many an anomaly stood for over time, on every database. */
class AnomalyCountsTest extends OnEveryDatabase {
    private static final long NOW_MS = 1_795_392_000_000L;
    private static final long START_NS = NOW_MS * 1_000_000;
    private static final long MINUTE_NS = 60_000_000_000L;

    @Test
    void theLastWordOnEachMinuteAndHourStays() throws Exception {
        write("a", 3, START_NS);
        write("a", 5, START_NS + MINUTE_NS - 1);
        write("b", 1, START_NS);
        write("a", 9, START_NS + 61 * MINUTE_NS);
        write("a", 9, START_NS + 61 * MINUTE_NS);

        assertThat(counts("a", WindowStep.MINUTE)).containsExactly("0:5", "61:9");
        assertThat(counts("a", WindowStep.HOUR)).containsExactly("0:5", "60:9");
        assertThat(storage.anomalies().counts("a", WindowStep.MINUTE, 1))
                .extracting(AnomalyCount::subjects)
                .containsExactly(9L);
    }

    @Test
    void theyGoWithTheirAnomalyAndMinutesBefore() throws Exception {
        write("a", 3, START_NS);
        write("b", 1, START_NS);

        long soon = NOW_MS + Duration.ofDays(8).toMillis();
        storage.anomalyStore().deleteOlder(0, soon);
        assertThat(counts("a", WindowStep.MINUTE)).isEmpty();
        assertThat(counts("a", WindowStep.HOUR)).containsExactly("0:3");

        storage.anomalyStore()
                .write(new SinkBatch(List.of(), Map.of("a", Optional.empty()), List.of(), List.of(), List.of()));
        assertThat(counts("a", WindowStep.HOUR)).isEmpty();
        assertThat(counts("b", WindowStep.HOUR)).containsExactly("0:1");

        storage.anomalyStore().deleteOlder(soon, soon);
        assertThat(counts("b", WindowStep.HOUR)).isEmpty();
    }

    @Test
    void whatWasThereBeforeASpanIsKeptWithIt() throws Exception {
        write("a", 3, START_NS);
        write("a", 5, START_NS + 1);
        write("a", 9, START_NS + 61 * MINUTE_NS);

        assertThat(storage.anomalies().counts("a", WindowStep.HOUR, 100))
                .extracting(AnomalyCount::before)
                .containsExactly(Optional.of(0L), Optional.of(5L));
    }

    @Test
    void oneThatWasNeverSeenHasNone() throws Exception {
        write("a", 3, 0);

        assertThat(counts("a", WindowStep.HOUR)).isEmpty();
    }

    private List<String> counts(String id, WindowStep step) {
        return storage.anomalies().counts(id, step, 100).stream()
                .map(count -> (count.startNs() - START_NS) / MINUTE_NS + ":" + count.subjects())
                .toList();
    }

    private void write(String id, long count, long lastSeenNs) throws StaleOwnerException {
        AnomalyRow row = new AnomalyRow(
                id,
                "",
                "orders",
                "data_race",
                "warning",
                "certain",
                count,
                1,
                lastSeenNs,
                NOW_MS,
                "f",
                List.of(),
                "{}");
        storage.anomalyStore()
                .write(new SinkBatch(List.of(), Map.of(id, Optional.of(row)), List.of(), List.of(), List.of()));
    }
}
