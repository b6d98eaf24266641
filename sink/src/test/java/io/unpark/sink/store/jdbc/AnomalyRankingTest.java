package io.unpark.sink.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.unpark.schemas.record.Anomaly;
import io.unpark.schemas.record.Confidence;
import io.unpark.schemas.record.Severity;
import io.unpark.sink.Samples;
import io.unpark.sink.consume.TestRows;
import io.unpark.sink.store.AnomalyFilter;
import io.unpark.sink.store.AnomalyRanking.Open;
import io.unpark.sink.store.AnomalyRanking.Place;
import io.unpark.sink.store.AnomalyRanking.Ranked;
import io.unpark.sink.store.AnomalyState;
import io.unpark.sink.store.StateRule;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Anomalies, the worst first, on every database. */
class AnomalyRankingTest extends OnEveryDatabase {
    private static final long NOW_MS = Samples.START_NS / 1_000_000;
    private static final long HOUR_NS = 3_600 * Samples.SECOND_NS;
    private static final StateRule RULE = new StateRule(NOW_MS, 600_000);
    private static final List<String> WORST_FIRST = List.of("c2", "c1", "w1", "w2", "w3", "i1", "old-c", "old-i");

    /** Two that were seen at the same time, one that is only possible, and two that are over. */
    @BeforeEach
    void fill() throws Exception {
        storage.anomalyStore()
                .write(TestRows.of(
                        List.of(
                                anomaly("i1", Severity.INFO, 0),
                                anomaly("w3", Severity.WARNING, -2),
                                anomaly("w2", Severity.WARNING, -1),
                                anomaly("w1", Severity.WARNING, -1),
                                anomaly("old-i", Severity.INFO, -HOUR_NS),
                                anomaly("old-c", Severity.CRITICAL, -2 * HOUR_NS),
                                anomaly("c1", Severity.CRITICAL, -9),
                                anomaly("c2", Severity.CRITICAL, -3),
                                Samples.anomaly("p1", "orders", "goroutine_leak")
                                        .setLastSeenNs(Samples.START_NS)
                                        .setConfidence(Confidence.POSSIBLE)
                                        .build()),
                        List.of(Samples.runtimeWindow("orders", 1).build()),
                        List.of(),
                        List.of(),
                        NOW_MS));
    }

    @Test
    void whatIsOpenComesFirstThenTheSeverestThenTheLastSeen() {
        assertThat(ids(storage.ranking().page(filter("", "", Optional.empty(), 100), Optional.empty(), RULE)))
                .containsExactlyElementsOf(WORST_FIRST);
    }

    @Test
    void pagesOfEverySizeGiveAllOfThemOnce() {
        for (int limit = 1; limit <= WORST_FIRST.size(); limit++) {
            List<String> found = new ArrayList<>();
            Optional<Place> after = Optional.empty();
            List<Ranked> page;
            do {
                page = storage.ranking().page(filter("", "", Optional.empty(), limit), after, RULE);
                found.addAll(ids(page));
                after = page.isEmpty()
                        ? after
                        : Optional.of(page.get(page.size() - 1).place());
            } while (page.size() == limit);
            assertThat(found).as("in pages of " + limit).containsExactlyElementsOf(WORST_FIRST);
        }
    }

    @Test
    void filtersBySeverityAndState() {
        assertThat(ids(storage.ranking().page(filter("", "critical", Optional.empty(), 100), Optional.empty(), RULE)))
                .containsExactly("c2", "c1", "old-c");
        assertThat(ids(storage.ranking()
                        .page(filter("", "", Optional.of(AnomalyState.RESOLVED), 100), Optional.empty(), RULE)))
                .containsExactly("old-c", "old-i");
        assertThat(storage.ranking().page(filter("data_race", "", Optional.empty(), 100), Optional.empty(), RULE))
                .isEmpty();
    }

    @Test
    void countsWhatIsOpenWhateverTheKindAndSeverity() {
        List<Open> all = List.of(
                new Open("goroutine_leak", "critical", 2),
                new Open("goroutine_leak", "info", 1),
                new Open("goroutine_leak", "warning", 3));
        for (String kind : List.of("", "data_race")) {
            assertThat(storage.ranking().open(filter(kind, "critical", Optional.of(AnomalyState.RESOLVED), 100), RULE))
                    .isEqualTo(all);
        }
    }

    private static Anomaly anomaly(String id, Severity severity, long seenNs) {
        return Samples.anomaly(id, "orders", "goroutine_leak")
                .setSeverity(severity)
                .setFirstSeenNs(Samples.START_NS - 3 * HOUR_NS)
                .setLastSeenNs(Samples.START_NS + seenNs)
                .build();
    }

    private static AnomalyFilter filter(String kind, String severity, Optional<AnomalyState> state, int limit) {
        return new AnomalyFilter(
                Optional.empty(),
                Optional.empty(),
                Optional.of(kind).filter(it -> !it.isEmpty()),
                Optional.of(severity).filter(it -> !it.isEmpty()),
                state,
                Long.MIN_VALUE,
                false,
                Long.MAX_VALUE,
                limit);
    }

    private static List<String> ids(List<Ranked> page) {
        return page.stream().map(it -> it.place().id()).toList();
    }
}
