package io.unpark.sink.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.openqa.selenium.Keys;

/** Before and after a fix, as a browser shows it. */
final class ComparePageTest extends WebTest {
    @Test
    void comparesTheLastTwoVersions() throws Exception {
        server.write(FleetSamples.twoVersions());

        open("#/compare?service=orders");
        browser.awaitText("Requests by route");

        assertThat(browser.texts("[aria-label='Requests by route'] tbody tr"))
                .containsExactly("POST /orders 2,400 → 2,400 ±0 % 355 ms → 60 ms −83 %"
                        + " < 537 ms → < 33.6 ms −94 % < 537 ms → < 33.6 ms −94 % < 537 ms → < 33.6 ms −94 %");
        assertThat(browser.texts(".three h3")).containsExactly("Gone: 2", "New: 1", "Still there: 1");
        assertThat(browser.texts(".three > div:nth-child(2) a"))
                .containsExactly("data race on a map in main.(*Cart).Add");
        assertThat(browser.labels(".two svg.bar"))
                .containsExactly(
                        "POST /orders before: sync mutex lock 300 ms · running 50 ms · ready, not run 2.5 ms · …",
                        "POST /orders after: running 50 ms · sync mutex lock 5 ms · ready, not run 2.5 ms · …");
        assertThat(browser.texts("[aria-label='Its processes'] tbody tr").get(1))
                .isEqualTo("Ready and not run, p99 < 2.1 ms → < 32.8 µs −98 %");
    }

    @Test
    void swapsTheSidesByKeyboard() throws Exception {
        server.write(FleetSamples.twoVersions());
        open("#/compare?service=orders");
        browser.awaitText("Before: v1.4.2");

        browser.type("[data-key=compare-swap]", Keys.ENTER);

        browser.awaitText("Before: v1.5.0");
        assertThat(browser.address()).endsWith("#/compare?service=orders&a=v1.5.0&b=v1.4.2");
        await().untilAsserted(() ->
                assertThat(browser.texts(".three h3")).containsExactly("Gone: 1", "New: 2", "Still there: 1"));
    }

    @Test
    void comparesTimes() throws Exception {
        server.write(FleetSamples.twoVersions());

        open(
                "#/compare?service=orders&a=2026-11-23T00%3A00%3A00Z/2026-11-23T00%3A00%3A10Z&b=2026-11-23T00%3A00%3A30Z/2026-11-23T00%3A00%3A40Z");
        browser.awaitText("Requests by route");

        assertThat(browser.texts("[aria-label='Requests by route'] tbody tr").get(0))
                .contains("1,080 → 1,200");
        assertThat(browser.texts(".three h3")).containsExactly("Gone: 2", "New: 1", "Still there: 1");
    }

    @Test
    void aTimeWithoutWindowsSaysSo() throws Exception {
        server.write(FleetSamples.twoVersions());

        open("#/compare?service=orders&a=2d/1d&b=v1.5.0");

        browser.awaitText("Nothing is kept of");
    }

    @Test
    void aVersionThatIsNotKnownIsAnErrorInWords() throws Exception {
        server.write(FleetSamples.twoVersions());

        open("#/compare?service=orders&a=v9");

        browser.awaitText("a is 'v9', but must be one of v1.4.2, v1.5.0");
    }

    @Test
    void anEmptyStoreSaysSo() {
        open("#/compare");

        browser.awaitText("No service yet");
    }

    @ParameterizedTest
    @CsvSource({"1280, false", "390, true"})
    void isReadableByEverybodyEverywhere(int widthPixels, boolean dark) throws Exception {
        server.write(FleetSamples.twoVersions());
        browser.look(widthPixels, dark);

        open("#/compare?service=orders");
        browser.awaitText("Requests by route");

        browser.screenshot("compare-" + widthPixels + (dark ? "-dark" : ""));
        assertThat(browser.barriers()).isEmpty();
        assertThat(browser.fits()).isTrue();
    }

    @Test
    void isShownInTheDocs() throws Exception {
        server.write(FleetSamples.twoVersions());
        browser.look(1280, 900, false);

        open("#/compare?service=orders");
        browser.awaitText("Requests by route");

        browser.picture("compare");
    }
}
