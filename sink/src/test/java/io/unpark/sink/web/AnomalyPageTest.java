package io.unpark.sink.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.unpark.schemas.record.Anomaly;
import io.unpark.schemas.record.Instance;
import io.unpark.schemas.record.Place;
import io.unpark.schemas.record.RequestTrace;
import io.unpark.schemas.record.RouteWindow;
import io.unpark.schemas.record.RuntimeWindow;
import io.unpark.sink.DemoRecordings;
import io.unpark.sink.Samples;
import io.unpark.sink.consume.TestRows;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.openqa.selenium.Keys;

/** One anomaly, as a browser shows it. */
final class AnomalyPageTest extends WebTest {
    private static final String HOSTILE = "<img src=x onerror=\"document.title='broken into'\">";

    @Test
    void saysFirstWhichLineAndWhatToDo() throws Exception {
        given(AnomalySamples.mutexContention().build());

        open("#/anomaly/m1");
        browser.awaitText("Link to share");

        assertThat(browser.texts("main h2")).startsWith("The line", "What to do", "What was seen", "Evidence");
        assertThat(browser.texts(".the-line .place")).containsExactly("/src/cmd/inventory/reserve.go:29");
        assertThat(browser.texts(".the-line dd"))
                .containsExactly("main.(*server).reserveSlowly /src/cmd/inventory/reserve.go:32");
    }

    @Test
    void theEvidenceIsAPicture() throws Exception {
        given(
                AnomalySamples.mutexContention().build(),
                AnomalySamples.blockedTooLong().build());

        open("#/anomaly/m1");
        browser.awaitText("What was seen");
        assertThat(browser.texts(".hbars li"))
                .containsExactly(
                        "the longest 315 ms",
                        "all together 11.9 s",
                        "of the time of the service’s requests: 40 of 78 91.1 %");

        open("#/anomaly/b1");
        browser.awaitText("What was seen");
        assertThat(browser.texts(".hbars li"))
                .contains("the limit 250 ms", "this wait 379 ms", "the whole request 400 ms");
        assertThat(browser.labels("svg.bar"))
                .containsExactly("Where the request’s time went: select 380 ms · running 15 ms · ready, not run 5 ms");
    }

    @Test
    void aRaceShowsBothSides() throws Exception {
        given(AnomalySamples.dataRace().build());

        open("#/anomaly/r1");
        browser.awaitText("Two goroutines at once");

        assertThat(browser.texts(".sides > div"))
                .satisfiesExactly(
                        first -> assertThat(first).startsWith("write by goroutine 27 /src/inventory/stock.go:18"),
                        second -> assertThat(second)
                                .startsWith("previous read by goroutine 31 /src/inventory/price.go:22"));
        assertThat(browser.texts("[data-key=flame-graph]")).isEmpty();
    }

    @Test
    void offersTheSliceWithItsSizes() throws Exception {
        given(AnomalySamples.mutexContention().build());
        byte[] trace = DemoRecordings.inventory("mutex");
        server.slice(trace);

        open("#/anomaly/m1");

        await().untilAsserted(() -> assertThat(browser.texts(".downloads li"))
                .satisfiesExactly(
                        it -> assertThat(it).matches("Trace slice \\([0-9.]+ [KM]iB\\) opens in go tool trace"),
                        it -> assertThat(it).matches("For Perfetto \\([0-9.]+ [KM]iB\\) opens in ui.perfetto.dev"),
                        it -> assertThat(it)
                                .matches("Blocked time by stack \\([0-9.]+ [KM]iB\\) opens in go tool pprof")));
        browser.type("[data-key=flame-graph]", Keys.ENTER);
        browser.awaitText("of traces around its worst example");
    }

    @Test
    void saysWhyThereIsNoSlice() throws Exception {
        given(AnomalySamples.mutexContention().build());
        server.sliceGone("the topic's retention was faster");

        open("#/anomaly/m1");

        browser.awaitText("Not any more (410). There is no slice any more: the topic's retention was faster.");
    }

    @Test
    void showsItOverTime() throws Exception {
        List<RuntimeWindow> windows = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            windows.add(Samples.runtimeWindow("orders", i).build());
        }
        write(List.of(), windows, List.of(), List.of());
        for (int minute = 0; minute < 5; minute++) {
            given(AnomalySamples.goroutineLeak()
                    .setCount(3 + 4L * minute)
                    .setLastSeenNs(Samples.START_NS + minute * 60 * Samples.SECOND_NS)
                    .build());
        }

        open("#/anomaly/l1");
        browser.awaitText("Over time");

        assertThat(browser.labels("figure [role=img]"))
                .containsExactly(
                        "How many it stands for: now 19, most 19", "Goroutines of the process: now 159, most 159");
    }

    @Test
    void aRequestsKindShowsTheLatencyOfItsRoute() throws Exception {
        List<RouteWindow> windows = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            windows.add(Samples.routeWindow("gateway", i, "GET /api").build());
        }
        write(List.of(AnomalySamples.blockedTooLong().build()), List.of(), windows, List.of());

        open("#/anomaly/b1");
        browser.awaitText("Over time");

        assertThat(browser.labels("figure [role=img]"))
                .contains("Latency of GET /api: 99 % took less than: now 8.39 ms, most 8.39 ms");
    }

    @Test
    void namesItsInstancesAndLeadsToThemByKeyboard() throws Exception {
        List<RuntimeWindow> windows =
                List.of(Samples.runtimeWindow("inventory", 1).build());
        write(List.of(AnomalySamples.mutexContention().build()), windows, List.of(), List.of());
        open("#/anomaly/m1");
        browser.awaitText("Instances: 31");
        assertThat(browser.texts(".instances li")).containsExactly("inventory-1 (worst example)", "inventory-2");
        assertThat(browser.text()).contains("and 29 more");

        browser.type(".instances a", Keys.ENTER);

        browser.awaitText("Goroutines by who started them");
        assertThat(browser.address()).endsWith("#/service/inventory?namespace=shop&instance=inventory-1");
    }

    @Test
    void hasALinkToShare() throws Exception {
        given(AnomalySamples.goroutineLeak().build());
        open("#/anomaly/l1");
        browser.awaitText("Link to share");

        // In one step: the page may be drawn anew between two.
        Object link = browser.run("return document.querySelector('[data-key=link]').value");
        assertThat(link).isEqualTo(server.url() + "#/anomaly/l1");
    }

    @Test
    void namesFromTracesAreText() throws Exception {
        given(AnomalySamples.dataRace()
                .setSummary(HOSTILE)
                .setInstance(new Instance(HOSTILE, HOSTILE, HOSTILE, HOSTILE))
                .setPlace(new Place(HOSTILE, HOSTILE, 1, HOSTILE, HOSTILE))
                .setEvidence(Map.of(
                        HOSTILE,
                        HOSTILE,
                        "sites",
                        List.of(HOSTILE),
                        "operations",
                        List.of(HOSTILE),
                        "time_split",
                        List.of("blocked (" + HOSTILE + ") 5 ns"),
                        "budget",
                        List.of(HOSTILE + ": running 5 ns"),
                        "instance_names",
                        List.of(HOSTILE)))
                .build());

        open("#/anomaly/r1");
        browser.awaitText("Link to share");

        assertThat(browser.run("return document.title;")).isEqualTo("data_race in " + HOSTILE + " – Unpark");
        assertThat(browser.run("return document.querySelectorAll('main img').length;"))
                .isEqualTo(0L);
    }

    @ParameterizedTest
    @CsvSource({
        "m1, 1280, false",
        "m1, 390, true",
        "l1, 1280, true",
        "l1, 390, false",
        "b1, 1280, false",
        "b1, 390, true",
        "r1, 1280, true",
        "r1, 390, false"
    })
    void isReadableByEverybodyEverywhere(String id, int widthPixels, boolean dark) throws Exception {
        List<RuntimeWindow> windows = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            windows.add(Samples.runtimeWindow("orders", i).build());
        }
        List<Anomaly> all = List.of(
                AnomalySamples.mutexContention().build(),
                AnomalySamples.goroutineLeak().build(),
                AnomalySamples.blockedTooLong().build(),
                AnomalySamples.dataRace().build());
        write(all, windows, List.of(), List.of());
        server.slice(DemoRecordings.inventory("mutex"));
        browser.look(widthPixels, dark);

        open("#/anomaly/" + id);
        browser.awaitText(id.equals("m1") ? "Blocked time by stack" : "No execution trace lies behind");

        browser.screenshot((id.equals("m1") ? "anomaly" : "anomaly-" + id) + "-" + widthPixels + (dark ? "-dark" : ""));
        if (id.equals("m1") && !dark) {
            browser.documented("anomaly", 880);
        }
        assertThat(browser.barriers()).isEmpty();
        assertThat(browser.fits()).isTrue();
    }

    private void given(Anomaly... anomalies) throws Exception {
        write(List.of(anomalies), List.of(), List.of(), List.of());
    }

    private void write(
            List<Anomaly> anomalies, List<RuntimeWindow> windows, List<RouteWindow> routes, List<RequestTrace> requests)
            throws Exception {
        server.write(TestRows.of(anomalies, windows, routes, requests, WebServer.nowMs()));
    }
}
