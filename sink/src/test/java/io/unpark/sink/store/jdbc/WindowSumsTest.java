package io.unpark.sink.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.unpark.schemas.record.Instance;
import io.unpark.schemas.record.RouteWindow;
import io.unpark.schemas.record.RuntimeWindow;
import io.unpark.sink.Samples;
import io.unpark.sink.consume.TestRows;
import io.unpark.sink.store.RouteTotals;
import io.unpark.sink.store.ServiceName;
import io.unpark.sink.store.ServiceTotals;
import io.unpark.sink.store.VersionSeen;
import io.unpark.sink.store.WindowRange;
import io.unpark.sink.store.WindowStep;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Sums over any time count each window once, whatever is rolled up already; on every database. */
class WindowSumsTest extends OnEveryDatabase {
    private static final long START_NS = Samples.START_NS;
    private static final long SECOND_NS = Samples.SECOND_NS;
    private static final long NOW_MS = START_NS / 1_000_000;
    private static final long REQUESTS_OF_A_WINDOW = 120;
    private static final ServiceName ORDERS = new ServiceName("shop", "orders");

    @Test
    void everyStepCountsEachWindowOnceBeforeAndAfterRollingUp() throws Exception {
        // Given three minutes and one window of the next hour
        List<Integer> seconds = List.of(1, 30, 61, 62, 121, 3_605);
        write(seconds, "v1");
        assertThat(requests()).containsExactly(6L, 6L, 6L);
        // When
        storage.rollUps().run(() -> true);
        // Then
        assertThat(requests()).containsExactly(6L, 6L, 6L);
    }

    @Test
    void whatIsDueAgainIsReadFromBelow() throws Exception {
        // Given
        write(List.of(1, 61), "v1");
        storage.rollUps().run(() -> true);
        // When a window comes late into the first minute, and its roll-up is not computed again yet
        write(List.of(2), "v1");
        // Then the minute is read from its windows; the hour is as it was until it is computed
        assertThat(requests()).containsExactly(3L, 3L, 2L);
        storage.rollUps().run(() -> true);
        assertThat(requests()).containsExactly(3L, 3L, 3L);
    }

    @Test
    void onlyTheTimeAskedForCounts() throws Exception {
        // Given
        write(List.of(1, 61, 121), "v1");
        storage.rollUps().run(() -> true);
        // When
        WindowRange minute = range(WindowStep.MINUTE, START_NS + 61 * SECOND_NS, START_NS + 70 * SECOND_NS);
        // Then it is rounded outwards
        assertThat(minute.sinceNs()).isEqualTo(START_NS + 60 * SECOND_NS);
        assertThat(minute.untilNs()).isEqualTo(START_NS + 120 * SECOND_NS);
        assertThat(count(minute)).isEqualTo(1);
    }

    @Test
    void versionsAreToldApart() throws Exception {
        // Given
        write(List.of(1, 2, 3), "v1");
        write(List.of(70), "v2");
        storage.rollUps().run(() -> true);
        WindowRange all = range(WindowStep.HOUR, START_NS, START_NS + 7_200 * SECOND_NS);
        // When
        List<VersionSeen> versions = storage.windowSums().versions(all.with(WindowStep.MINUTE));
        ServiceTotals first = storage.windowSums().service(all, Optional.of("v1"));
        // Then
        assertThat(versions).extracting(VersionSeen::version).containsExactly("v1", "v2");
        assertThat(versions.get(1).firstNs()).isEqualTo(START_NS + 60 * SECOND_NS);
        assertThat(versions.get(0).instances()).containsExactly("orders-v1");
        assertThat(first.routes().get("POST /orders").path("count").asLong()).isEqualTo(3 * REQUESTS_OF_A_WINDOW);
        assertThat(first.runtime().path("windows").asLong()).isEqualTo(3);
    }

    @Test
    void tooManyWindowsAreSaid() throws Exception {
        // Given
        write(List.of(1, 2, 3), "v1");
        // When
        RouteTotals totals = storage.windowSums()
                .routes(range(WindowStep.RAW, START_NS, START_NS + 10 * SECOND_NS)
                        .withDocumentsMax(2));
        // Then
        assertThat(totals.truncated()).isTrue();
        assertThat(totals.documents()).isEqualTo(2);
    }

    @Test
    void ofAllServicesCountsWhatIsRolledUp() throws Exception {
        // Given two routes over two minutes and two instances, and another service
        write(List.of(1, 2, 61), "v1");
        write(List.of(3), "v2");
        storage.anomalyStore()
                .write(TestRows.of(
                        List.of(),
                        List.of(),
                        List.of(
                                Samples.routeWindow("orders", 4, "GET /orders").build(),
                                Samples.routeWindow("stock", 5, "GET /stock").build()),
                        List.of(),
                        NOW_MS));
        assertThat(all(WindowStep.MINUTE, 10)).isEmpty();
        // When
        storage.rollUps().run(() -> true);
        // Then a service has a document a minute, and no window is counted twice
        for (WindowStep step : List.of(WindowStep.MINUTE, WindowStep.HOUR)) {
            Map<ServiceName, RouteTotals> totals = all(step, 10);
            assertThat(totals).containsOnlyKeys(ORDERS, new ServiceName("shop", "stock"));
            RouteTotals orders = totals.get(ORDERS);
            assertThat(orders.sum().path("count").asLong()).isEqualTo(5 * REQUESTS_OF_A_WINDOW);
            assertThat(orders.documents()).isEqualTo(step == WindowStep.MINUTE ? 2 : 1);
            assertThat(orders.truncated()).isFalse();
            // By text: whether a number is an int or a long is not told there.
            assertThat(orders.sum().toString())
                    .isEqualTo(storage.windowSums()
                            .routes(range(step, START_NS, START_NS + 7_200 * SECOND_NS))
                            .sum()
                            .toString());
        }
        assertThat(all(WindowStep.MINUTE, 2).get(ORDERS).truncated()).isTrue();
    }

    private Map<ServiceName, RouteTotals> all(WindowStep step, int documentsMax) {
        return storage.windowSums().routes(step, START_NS, START_NS + 7_200 * SECOND_NS, documentsMax);
    }

    private List<Long> requests() {
        List<Long> counts = new ArrayList<>();
        for (WindowStep step : WindowStep.values()) {
            counts.add(count(range(step, START_NS, START_NS + 7_200 * SECOND_NS)));
        }
        return counts;
    }

    private long count(WindowRange range) {
        return storage.windowSums().routes(range).sum().path("count").asLong() / REQUESTS_OF_A_WINDOW;
    }

    private static WindowRange range(WindowStep step, long sinceNs, long untilNs) {
        return new WindowRange(Optional.of("shop"), "orders", step, sinceNs, untilNs, 1_000);
    }

    private void write(List<Integer> seconds, String version) throws Exception {
        List<RuntimeWindow> runtime = new ArrayList<>();
        List<RouteWindow> routes = new ArrayList<>();
        Instance instance = new Instance("shop", "orders", "orders-" + version, version);
        for (int second : seconds) {
            runtime.add(Samples.runtimeWindow("orders", second)
                    .setInstance(instance)
                    .build());
            routes.add(Samples.routeWindow("orders", second, "POST /orders")
                    .setInstance(instance)
                    .build());
        }
        storage.anomalyStore().write(TestRows.of(List.of(), runtime, routes, List.of(), NOW_MS));
    }
}
