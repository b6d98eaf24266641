package io.unpark.sink.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.openqa.selenium.Keys;

/** Services and their calls, as a browser shows them. */
final class MapPageTest extends WebTest {
    @Test
    void drawsServicesAndTheirCallsAndSaysTheSameInATable() throws Exception {
        server.write(FleetSamples.fleet());

        open("#/map");
        browser.awaitText("All calls");

        assertThat(browser.texts("svg.map .node text:first-of-type"))
                .containsExactlyInAnyOrder("gateway", "orders", "stock", "prices", "10.0.0.9:5432");
        assertThat(browser.labels("svg.map a.call"))
                .containsExactlyInAnyOrder(
                        "gateway calls orders: 142 lost",
                        "gateway calls prices: all sent",
                        "orders calls stock: 40 of 90 without",
                        "orders calls 10.0.0.9:5432: 70 of 70 without");
        assertThat(browser.texts("[aria-label='All calls'] tbody tr"))
                .containsExactly(
                        "gateway orders 120 20 142 70 %",
                        "orders stock 90 50 0 30 %", "orders 10.0.0.9:5432 70 0 0 0 %", "gateway prices 30 30 0 0 %");
    }

    @Test
    void isLaidOutWithoutOverlapsAndTheSameEveryTime() throws Exception {
        server.write(FleetSamples.fleet());
        open("#/map");
        browser.awaitText("All calls");
        Object first = places();

        open("#/map");
        browser.awaitText("All calls");

        assertThat(places()).isEqualTo(first);
        assertThat((Boolean) browser.run("""
                        const boxes = [...document.querySelectorAll('svg.map .box')].map((box) => box.getBoundingClientRect());
                        return boxes.every((a, i) => boxes.every((b, n) => i === n
                          || a.right <= b.left || b.right <= a.left || a.bottom <= b.top || b.bottom <= a.top));""")).isTrue();
    }

    @Test
    void isColouredByBlameOnDemand() throws Exception {
        server.write(FleetSamples.fleet());
        open("#/map");
        browser.awaitText("All calls");

        browser.click("[data-key=map-colour] option[value=blame]");

        await().untilAsserted(() ->
                assertThat(browser.labels("svg.map a.call.c3")).containsExactly("gateway calls orders: 70 %"));
        assertThat(browser.labels("svg.map a.call.c2")).containsExactly("orders calls stock: 30 %");
        assertThat(browser.address()).endsWith("#/map?colour=blame");
    }

    @Test
    void aCallLeadsToItsEvidenceByKeyboard() throws Exception {
        server.write(FleetSamples.fleet());
        open("#/map");
        browser.awaitText("All calls");

        browser.type("[data-key='call-shop/gateway-shop/orders']", Keys.ENTER);

        browser.awaitText("gateway calls orders");
        browser.awaitText("What was found");
        assertThat(browser.texts("#evidence .newest a"))
                .containsExactly("orders ran without the deadline of its caller");
        browser.type("[data-key='slow-" + RequestSamples.ID + "']", Keys.ENTER);
        browser.awaitText("GET /checkout of gateway: 300 ms");
    }

    @Test
    void takesALongerTime() throws Exception {
        server.write(FleetSamples.fleet());
        server.rollUp();
        open("#/map?range=1d");

        browser.awaitText("From 2026-11-22 00:00:00 UTC to 2026-11-23 01:00:00 UTC");

        assertThat(browser.texts("[aria-label='All calls'] tbody tr")).hasSize(4);
    }

    @Test
    void anEmptyStoreSaysSo() {
        open("#/map");

        browser.awaitText("No calls yet");
    }

    @ParameterizedTest
    @CsvSource({"1280, false", "390, true"})
    void isReadableByEverybodyEverywhere(int widthPixels, boolean dark) throws Exception {
        server.write(FleetSamples.fleet());
        browser.look(widthPixels, dark);

        open("#/map?from=shop%2Fgateway&to=shop%2Forders");
        browser.awaitText("What was found");

        browser.screenshot("map-" + widthPixels + (dark ? "-dark" : ""));
        assertThat(browser.barriers()).isEmpty();
        assertThat(browser.fits()).isTrue();
    }

    @Test
    void isShownInTheDocs() throws Exception {
        server.write(FleetSamples.fleet());
        browser.look(1280, 760, false);

        open("#/map?from=shop%2Fgateway&to=shop%2Forders");
        browser.awaitText("What was found");

        browser.picture("map");
    }

    private static List<?> places() {
        return (List<?>)
                browser.run(
                        "return [...document.querySelectorAll('svg.map .box')].map((box) => box.getAttribute('x') + ' ' + box.getAttribute('y'));");
    }
}
