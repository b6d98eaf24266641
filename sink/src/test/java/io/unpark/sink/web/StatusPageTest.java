package io.unpark.sink.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.openqa.selenium.Keys;

/** How Unpark itself does, as a browser shows it; and that all can be reached without a mouse. */
final class StatusPageTest extends WebTest {
    @Test
    void tellsLagRatesWhatWasRefusedDeadLettersAndDetectorsThatFail() {
        open("#/status");
        browser.awaitText("Topics");

        assertThat(browser.texts("[aria-label=Topics] tbody tr")).containsExactly("go-anomalies 5 2 0.0 1");
        assertThat(browser.texts("[aria-label='Refused input'] tbody tr"))
                .singleElement()
                .asString()
                .startsWith("ingest not a trace 3 ");
        assertThat(browser.texts("[aria-label='Skipped records'] tbody tr"))
                .singleElement()
                .asString()
                .startsWith("go-anomalies-0@1 not Avro ");
        assertThat(browser.texts("[aria-label='Detectors that fail'] tbody tr"))
                .containsExactly("not a trace 4 96 not a trace not a trace");
        assertThat(browser.texts("[aria-label=Notifications] tbody tr"))
                .containsExactly(
                        "pager 0 12 1 0 fine",
                        "not a trace 3 2026-11-23 00:01:00 UTC 0 7 2 7 failures in a row, again at 2026-11-23 00:01:00"
                                + " UTC: not a trace");
        assertThat(browser.texts("[aria-label=Topologies] tbody tr"))
                .contains(
                        "State RUNNING", "Dead letters 2", "Let go at a limit: requests 7", "Left out: not a trace 9");
        assertThat(browser.text()).contains("unpark dlq redrive");
    }

    @Test
    void offersToLogOutToWhoeverLoggedIn() {
        open("#/status");
        browser.awaitText("Topics");
        assertThat(browser.texts("a.out")).isEmpty();

        browser.run("document.cookie = 'unpark_user=anna+b%40example.com; Path=/';");
        open("#/status");
        browser.awaitText("Log out");
        browser.run("document.cookie = 'unpark_user=; Path=/; Max-Age=0';");

        assertThat(browser.attribute("a.out", "href")).isEqualTo("auth/logout");
        assertThat(browser.attribute("a.out", "title")).isEqualTo("Logged in as anna b@example.com");
    }

    @ParameterizedTest
    @CsvSource({"1280, false", "390, true"})
    void isReadableByEverybodyEverywhere(int widthPixels, boolean dark) throws Exception {
        browser.look(widthPixels, dark);

        open("#/status");
        browser.awaitText("Topics");

        browser.screenshot("status-" + widthPixels + (dark ? "-dark" : ""));
        assertThat(browser.barriers()).isEmpty();
        assertThat(browser.fits()).isTrue();
    }

    @Test
    void theFiltersAreUsedByKeyboard() {
        open("#/");
        browser.awaitText("Nothing has come in yet");

        browser.press("/");
        await().until(() -> "filter-service".equals(browser.run("return document.activeElement.dataset.key;")));
        browser.press(Keys.TAB, Keys.TAB, Keys.TAB, "r");

        browser.awaitText("Nothing matches these filters");
        assertThat(browser.address()).endsWith("#/?state=resolved");
        assertThat(browser.run("return document.activeElement.dataset.key;")).isEqualTo("filter-state");
    }
}
