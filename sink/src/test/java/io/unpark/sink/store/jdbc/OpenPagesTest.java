package io.unpark.sink.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.unpark.schemas.record.Anomaly;
import io.unpark.sink.Samples;
import io.unpark.sink.consume.TestRows;
import io.unpark.sink.store.AnomalyFilter;
import io.unpark.sink.store.AnomalyState;
import io.unpark.sink.store.StateRule;
import io.unpark.sink.store.StoredAnomaly;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is open, the latest to appear first, on every database. */
class OpenPagesTest extends OnEveryDatabase {
    private static final long NOW_MS = Samples.START_NS / 1_000_000;
    private static final long QUIET_MS = 600_000;
    private static final StateRule RULE = new StateRule(NOW_MS, QUIET_MS);
    private static final int ANOMALIES = 40;

    /** Two services; every third anomaly is over. */
    @BeforeEach
    void fill() throws Exception {
        for (int i = 0; i < ANOMALIES; i++) {
            write(anomaly(i, i % 3 == 0 ? -2 * QUIET_MS * 1_000_000 : -i));
        }
    }

    @Test
    void pagesOfEverySizeGiveAllOfThemOnceHoweverOftenTheyAreAsked() {
        List<String> open = numbered(i -> i % 3 != 0);
        for (int limit = 1; limit <= open.size() + 1; limit++) {
            assertThat(inPages(limit, RULE)).as("in pages of " + limit).isEqualTo(open);
        }
    }

    @Test
    void oneThatOpensAgainTakesItsOldPlace() throws Exception {
        write(anomaly(3, 0));

        assertThat(inPages(7, RULE)).isEqualTo(numbered(i -> i % 3 != 0 || i == 3));
    }

    @Test
    void timeAloneClosesThem() {
        assertThat(inPages(7, new StateRule(NOW_MS + QUIET_MS + 1, QUIET_MS))).isEmpty();
    }

    private List<String> inPages(int limit, StateRule rule) {
        List<String> found = new ArrayList<>();
        List<StoredAnomaly> page;
        long beforeSeq = Long.MAX_VALUE;
        do {
            page = storage.anomalies().list(filter(beforeSeq, limit), rule);
            for (StoredAnomaly anomaly : page) {
                assertThat(anomaly.seq()).isLessThan(beforeSeq);
                assertThat(anomaly.state()).isEqualTo(AnomalyState.OPEN);
                beforeSeq = anomaly.seq();
                found.add(anomaly.document().replaceFirst(".*\"id\": *\"([^\"]*)\".*", "$1"));
            }
        } while (page.size() == limit);
        return found;
    }

    private static List<String> numbered(IntPredicate which) {
        return IntStream.iterate(ANOMALIES - 1, i -> i >= 0, i -> i - 1)
                .filter(which)
                .mapToObj(i -> "a" + i)
                .toList();
    }

    private static AnomalyFilter filter(long beforeSeq, int limit) {
        return new AnomalyFilter(
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.of(AnomalyState.OPEN),
                Long.MIN_VALUE,
                false,
                beforeSeq,
                limit);
    }

    private static Anomaly anomaly(int number, long seenNs) {
        return Samples.anomaly("a" + number, number % 2 == 0 ? "orders" : "stock", "goroutine_leak")
                .setFirstSeenNs(Samples.START_NS - 3 * QUIET_MS * 1_000_000)
                .setLastSeenNs(Samples.START_NS + seenNs)
                .build();
    }

    private void write(Anomaly anomaly) throws Exception {
        storage.anomalyStore()
                .write(TestRows.of(
                        List.of(anomaly),
                        List.of(
                                Samples.runtimeWindow("orders", 1).build(),
                                Samples.runtimeWindow("stock", 1).build()),
                        List.of(),
                        List.of(),
                        NOW_MS));
    }
}
