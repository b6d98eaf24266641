package io.unpark.sink.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.unpark.schemas.record.Anomaly;
import io.unpark.schemas.record.RequestTrace;
import io.unpark.sink.Samples;
import io.unpark.sink.consume.TestRows;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.openqa.selenium.Keys;

/** One request over its services, as a browser shows it. */
final class RequestPageTest extends WebTest {
    private static final String ADDRESS = "#/request/" + RequestSamples.ID;
    private static final String HOSTILE = "<img src=x onerror=\"document.title='broken into'\">";

    @Test
    void drawsEachServicesPartBeneathItsCaller() throws Exception {
        givenRequest(RequestSamples.twoServices());

        open(ADDRESS);
        browser.awaitText("GET /checkout of gateway: 300 ms");

        assertThat(browser.texts(".waterfall .hop strong")).containsExactly("gateway", "orders");
        assertThat(browser.texts(".waterfall .depth-1 .hop strong")).containsExactly("orders");
        assertThat(browser.labels(".waterfall svg.bar"))
                .containsExactly(
                        "gateway GET /checkout: from 1 ms, 300 ms; select 277 ms · running 20 ms · ready, not run 2 ms · …",
                        "orders POST /orders: from 0 ns, 282 ms; sync mutex lock 260 ms · running 15 ms · in a system call 4 ms · …");
    }

    @Test
    void thePartsOfABarFillIt() throws Exception {
        givenRequest(RequestSamples.twoServices());

        open(ADDRESS);
        browser.awaitText("Where the time went");

        assertThat((List<?>) browser.run("""
                        return [...document.querySelectorAll('.waterfall svg.bar')].map((bar) => {
                          const sum = [...bar.querySelectorAll('.part')].filter((part) => part.getAttribute('y') === '4')
                            .reduce((all, part) => all + Number(part.getAttribute('width')), 0);
                          return Math.round(sum - Number(bar.querySelector('.outline').getAttribute('width')));
                        });""")).isEqualTo(List.of(0L, 0L));
    }

    @Test
    void eachBarIsSplitIntoWhatTheRequestDid() throws Exception {
        givenRequest(RequestSamples.twoServices());

        open(ADDRESS);
        browser.awaitText("Where the time went");

        assertThat((List<?>) browser.run("""
                        return [...document.querySelectorAll('.waterfall li:nth-child(2) svg.bar .part')]
                          .filter((part) => part.getAttribute('y') === '4').map((part) => part.textContent);"""))
                .isEqualTo(List.of(
                        "running: 15 ms",
                        "ready, not run: 1 ms",
                        "in a system call: 4 ms",
                        "helping the GC: 1 ms",
                        "world stopped: 1 ms",
                        "sync mutex lock: 260 ms"));
    }

    @Test
    void drawsAnArrowFromEachWaitToItsWakerAcrossGoroutinesAndServices() throws Exception {
        givenRequest(RequestSamples.withPaths());

        open(ADDRESS);
        browser.awaitText("Who waited for whom");

        assertThat(browser.texts(".arrow-list li"))
                .containsExactly(
                        "gateway, the request’s goroutine waited 277 ms (select) example.com/shop/orders.(*Cart).Add cart.go:41"
                                + " → orders, the request’s goroutine answered after 282 ms",
                        "orders, the request’s goroutine waited 260 ms (sync mutex lock) example.com/shop/orders.(*Cart).Add cart.go:41"
                                + " → orders, goroutine 77 ended it example.com/shop/orders.(*Cart).Refresh cart.go:88");
        assertThat(browser.texts("svg.arrows .lane"))
                .containsExactly(
                        "gateway, the request’s goroutine",
                        "orders, the request’s goroutine",
                        "orders, goroutine 77 · example.com/shop/orders.(*Cart).Refresh");
        assertThat(browser.labels("svg.arrows .arrow path[marker-end]")).hasSize(2);
    }

    @Test
    void whereNoChainIsKnownTheWaitsSayWhoEndedThem() throws Exception {
        givenRequest(RequestSamples.twoServices());

        open(ADDRESS);
        browser.awaitText("Who waited for whom");

        assertThat(browser.texts(".arrow-list li"))
                .hasSize(2)
                .last()
                .asString()
                .contains("→ orders, goroutine 77 ended it");
    }

    @Test
    void theDeadlineIsALineAcrossAllParts() throws Exception {
        givenRequest(RequestSamples.twoServices());

        open(ADDRESS);
        browser.awaitText("The vertical line is the request’s deadline, 251 ms after the first start.");

        // 251 of 302 ms
        assertThat((Boolean) browser.run("""
                        const line = document.querySelector('svg.limit line').getBoundingClientRect();
                        const bars = document.querySelector('.waterfall').getBoundingClientRect();
                        return Math.abs((line.x - bars.x) / bars.width - 251 / 301) < 0.01 && line.height >= bars.height - 2;""")).isTrue();
    }

    @Test
    void showsTheDeadlineAndTheBudgetOfEachHop() throws Exception {
        givenRequest(RequestSamples.twoServices());

        open(ADDRESS);
        browser.awaitText("Deadlines, hop by hop");

        assertThat(browser.labels(".waterfall .mark")).hasSize(2);
        assertThat(browser.texts("[aria-label='Deadlines, hop by hop'] tbody tr"))
                .containsExactly(
                        "gateway GET /checkout 250 ms 300 ms 50 ms too late",
                        "call to orders:8080 POST /orders 240 ms, not told to the callee 280 ms 40 ms too late",
                        "orders POST /orders none 282 ms –");
    }

    @Test
    void listsTheChainAndWhoEndedTheWaits() throws Exception {
        givenRequest(RequestSamples.twoServices());

        open(ADDRESS);
        browser.awaitText("Why: from the symptom to the root");

        assertThat(browser.texts(".chain li").get(1))
                .contains("waited for a lock · 86.6 % · 260 ms of its own", "/src/orders/cart.go:41");
        assertThat(browser.texts("[aria-label='Longest waits, and who ended them'] tbody tr"))
                .containsExactly(
                        "277 ms select gateway example.com/shop/orders.(*Cart).Add /src/orders/cart.go:41 a timer, the network, or not known",
                        "260 ms sync mutex lock orders example.com/shop/orders.(*Cart).Add /src/orders/cart.go:41"
                                + " goroutine 77 example.com/shop/orders.(*Cart).Refresh /src/orders/cart.go:88");
    }

    @Test
    void isReachedFromItsAnomalyByKeyboard() throws Exception {
        Anomaly anomaly = Samples.anomaly("a1", "gateway", "slow_request")
                .setEvidence(Map.of("request", RequestSamples.ID))
                .build();
        server.write(TestRows.of(
                List.of(anomaly), List.of(), List.of(), List.of(RequestSamples.twoServices()), WebServer.nowMs()));
        open("#/anomaly/a1");
        browser.awaitText("Its way through the services");

        browser.type("[data-key=request]", Keys.ENTER);

        browser.awaitText("GET /checkout of gateway: 300 ms");
    }

    @Test
    void oneThatIsNotKeptIsAnErrorInWords() {
        open(ADDRESS);

        browser.awaitText("No request with the id '" + RequestSamples.ID + "' is kept");
    }

    @Test
    void oneWithoutPartsSaysSo() throws Exception {
        givenRequest(Samples.request(RequestSamples.ID));

        open(ADDRESS);

        browser.awaitText("No part of it is kept");
    }

    @Test
    void namesFromTracesAreText() throws Exception {
        givenRequest(RequestSamples.named(HOSTILE));

        open(ADDRESS);
        browser.awaitText(HOSTILE + " of " + HOSTILE);

        assertThat(browser.run("return document.title;")).isEqualTo("Request – Unpark");
        assertThat(browser.run("return document.querySelectorAll('main img').length;"))
                .isEqualTo(0L);
    }

    @ParameterizedTest
    @CsvSource({"1280, false", "390, true"})
    void isReadableByEverybodyEverywhere(int widthPixels, boolean dark) throws Exception {
        givenRequest(RequestSamples.withPaths());
        browser.look(widthPixels, dark);

        open(ADDRESS);
        browser.awaitText("Where the time went");

        browser.screenshot("request-" + widthPixels + (dark ? "-dark" : ""));
        assertThat(browser.barriers()).isEmpty();
        assertThat(browser.fits()).isTrue();
    }

    @Test
    void isShownInTheDocs() throws Exception {
        givenRequest(RequestSamples.withPaths());
        browser.look(1280, 1000, false);

        open(ADDRESS);
        browser.awaitText("Who waited for whom");

        browser.picture("request");
    }

    private void givenRequest(RequestTrace request) throws Exception {
        server.write(TestRows.of(List.of(), List.of(), List.of(), List.of(request), WebServer.nowMs()));
    }
}
