package io.unpark.sink.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.unpark.schemas.record.Instance;
import io.unpark.schemas.record.RouteWindow;
import io.unpark.schemas.record.RuntimeWindow;
import io.unpark.schemas.record.SlowRequest;
import io.unpark.sink.Samples;
import io.unpark.sink.consume.TestRows;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.openqa.selenium.Keys;

/** One service over time, as a browser shows it. */
final class ServicePageTest extends WebTest {
    private static final String ADDRESS = "#/service/orders?namespace=shop";
    private static final int WINDOWS = 60;

    @Test
    void stacksTheGoroutinesByWhoStartedThemTheMostFirst() throws Exception {
        givenOrders();

        open(ADDRESS);
        browser.awaitText("Goroutines by who started them");

        assertThat(browser.texts("figure:has(.tall) .key li"))
                .containsExactly("main.handler 149", "net/http.(*Server).Serve 30", "main.main 10");
        assertThat(browser.labels("unpark-plot.tall")).containsExactly("Goroutines: now 189, most 189");
    }

    @Test
    void showsLatencyHeapAndCollector() throws Exception {
        givenOrders();

        open(ADDRESS);
        browser.awaitText("Goroutines by who started them");

        assertThat(browser.texts(".charts .key li"))
                .containsExactly(
                        "p50 32.8 µs",
                        "p90 262 µs",
                        "p99 2.1 ms",
                        "live 76 MiB",
                        "goal of the GC 96 MiB",
                        "workers 2 ms",
                        "assists 100 µs",
                        "longest 60 µs",
                        "all 90 µs");
    }

    @Test
    void showsOneProcessAtATime() throws Exception {
        givenOrders();
        open(ADDRESS);
        browser.awaitText("Goroutines by who started them");

        browser.click("[data-key=instance] option[value=orders-2]");

        await().untilAsserted(() ->
                assertThat(browser.texts("figure:has(.tall) .key li")).containsExactly("main.small 7"));
        assertThat(browser.address()).endsWith("#/service/orders?namespace=shop&instance=orders-2");
    }

    @Test
    void takesTheStepThatFitsTheRange() throws Exception {
        givenOrders();
        server.rollUp();
        open(ADDRESS);
        browser.awaitText("over the last quarter of an hour");

        browser.click("[data-key=range] option[value='2h']");

        browser.awaitText("All processes together over the last 2 hours");
        await().untilAsserted(() -> assertThat(browser.texts("figure:has(.tall) .key li"))
                .containsExactly("main.handler 149", "net/http.(*Server).Serve 30", "main.main 10", "main.small 0"));
    }

    @Test
    void marksWhereAVersionBegins() throws Exception {
        givenOrders();
        server.write(TestRows.of(
                List.of(),
                List.of(Samples.runtimeWindow("orders", 40)
                        .setInstance(new Instance("shop", "orders", "orders-3", "v1.5.0"))
                        .build()),
                List.of(),
                List.of(),
                WebServer.nowMs()));

        open(ADDRESS);
        browser.awaitText("New versions: v1.5.0 since 2026-11-23 00:00:40 UTC");
        browser.awaitCharts();

        assertThat(browser.run("return document.querySelector('unpark-plot').spec.markers.map((m) => m.text);"))
                .isEqualTo(List.of("v1.5.0"));
        browser.type("[data-key=compare]", Keys.ENTER);
        browser.awaitText("Before: v1.4.2");
    }

    @Test
    void leadsToItsSlowestRequestsByKeyboard() throws Exception {
        givenOrders();
        open(ADDRESS);
        browser.awaitText("Routes, of all processes");

        browser.type("[data-key='slow-" + RequestSamples.ID + "']", Keys.ENTER);

        browser.awaitText("GET /checkout of gateway: 300 ms");
    }

    @Test
    void isReachedFromTheListOfServices() throws Exception {
        givenOrders();
        open("#/services");
        browser.awaitText("shop / orders");

        browser.type("[data-key=service-shop-orders]", Keys.ENTER);

        browser.awaitText("Goroutines by who started them");
    }

    @Test
    void oneThatIsNotKnownIsAnErrorInWords() {
        open(ADDRESS);

        browser.awaitText("Nothing has come from a service 'orders'");
    }

    @ParameterizedTest
    @CsvSource({"1280, false", "390, true"})
    void isReadableByEverybodyEverywhere(int widthPixels, boolean dark) throws Exception {
        givenOrders();
        browser.look(widthPixels, dark);

        open(ADDRESS);
        browser.awaitText("Goroutines by who started them");
        browser.awaitCharts();

        browser.screenshot("service-" + widthPixels + (dark ? "-dark" : ""));
        assertThat(browser.barriers()).isEmpty();
        assertThat(browser.fits()).isTrue();
    }

    private void givenOrders() throws Exception {
        List<RuntimeWindow> windows = new ArrayList<>();
        for (int i = 0; i < WINDOWS; i++) {
            windows.add(Samples.runtimeWindow("orders", i)
                    .setGoroutines(130 + i)
                    .setSchedLatency(latency())
                    .setHeapLiveBytes((40L + i % 10 * 4) << 20)
                    .setGoroutinesByCreation(
                            Map.of("main.handler", 90L + i, "net/http.(*Server).Serve", 30L, "main.main", 10L))
                    .build());
        }
        windows.add(Samples.runtimeWindow("orders", 1)
                .setInstance(new Instance("shop", "orders", "orders-2", "v1.4.2"))
                .setGoroutines(7)
                .setGoroutinesByCreation(Map.of("main.small", 7L))
                .build());
        RouteWindow route = Samples.routeWindow("orders", 1, "POST /orders")
                .setSlowest(List.of(new SlowRequest(RequestSamples.ID, 300_000_000L)))
                .build();
        server.write(TestRows.of(
                List.of(), windows, List.of(route), List.of(RequestSamples.twoServices()), WebServer.nowMs()));
    }

    /** 80 of 100 waited 16 to 33 µs, 15 up to 262 µs, 5 up to 2.1 ms: by powers of two, as all histograms. */
    private static List<Long> latency() {
        List<Long> counts = new ArrayList<>(Samples.histogram(14, 80));
        counts.set(17, 15L);
        counts.set(20, 5L);
        return counts;
    }
}
