package io.unpark.sink.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.unpark.schemas.record.Anomaly;
import io.unpark.schemas.record.Severity;
import io.unpark.sink.Samples;
import io.unpark.sink.consume.TestRows;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.openqa.selenium.Keys;

/** Services and kinds at a glance, as a browser shows them. */
final class OverviewPageTest extends WebTest {
    @Test
    void countsByServiceAndKindTheWorstFirst() throws Exception {
        givenFourAnomalies();

        open("#/overview");
        browser.awaitText("Newest");

        assertThat(browser.texts(".matrix thead th")).containsExactly("Service", "data race", "goroutine leak");
        assertThat(browser.texts(".matrix tbody tr")).containsExactly("stock 1 1 new 1 1 new", "orders – 2 2 new");
    }

    @Test
    void showsWhatCameLastFirst() throws Exception {
        givenFourAnomalies();

        open("#/overview");
        browser.awaitText("Newest");

        assertThat(browser.texts(".newest a")).containsExactly("number 4", "number 3", "number 2", "number 1");
    }

    @Test
    void aCellLeadsToItsAnomaliesByKeyboard() throws Exception {
        givenFourAnomalies();
        open("#/overview");
        browser.awaitText("Newest");

        browser.type("[data-key=orders-goroutine_leak]", Keys.ENTER);

        browser.awaitText("Clear filters");
        assertThat(browser.address()).endsWith("#/?service=orders&kind=goroutine_leak&state=open");
        assertThat(browser.texts(".anomalies .what a")).containsExactlyInAnyOrder("number 3", "number 4");
    }

    @Test
    void whatGrowsIsNamedWithItsTrend() throws Exception {
        long dayNs = 86_400 * Samples.SECOND_NS;
        for (int hour = 6; hour >= 0; hour--) {
            Anomaly anomaly = Samples.anomaly("grows", "orders", "goroutine_leak")
                    .setFirstSeenNs(Samples.START_NS - 2 * dayNs)
                    .setLastSeenNs(Samples.START_NS - hour * 3_600 * Samples.SECOND_NS)
                    .setCount(70 - 10 * hour)
                    .setSummary("it grows")
                    .build();
            server.write(TestRows.of(List.of(anomaly), List.of(), List.of(), List.of(), WebServer.nowMs()));
        }

        open("#/overview");
        browser.awaitText("Getting worse");

        assertThat(browser.texts(".growing li"))
                .containsExactly("warning it grows orders · from 10 to 70 within a day");
        assertThat(browser.labels(".growing svg.spark")).containsExactly("count by hour: 10, 20, 30, 40, 50, 60, 70");
    }

    @Test
    void drawsWhatOpenedByTheHour() throws Exception {
        givenFourAnomalies();

        open("#/overview");
        browser.awaitText("Opened in each hour");
        browser.awaitCharts();

        assertThat(browser.labels("unpark-plot"))
                .containsExactly("Anomalies that opened in each of the last 48 hours: 4");
        assertThat(browser.somethingIsDrawn()).isTrue();
    }

    @Test
    void anEmptyStoreIsNothingOpen() {
        open("#/overview");

        browser.awaitText("Nothing is open");
    }

    @ParameterizedTest
    @CsvSource({"1280, false", "390, true"})
    void isReadableByEverybodyEverywhere(int widthPixels, boolean dark) throws Exception {
        givenFourAnomalies();
        browser.look(widthPixels, dark);

        open("#/overview");
        browser.awaitText("Newest");
        browser.awaitCharts();

        browser.screenshot("overview-" + widthPixels + (dark ? "-dark" : ""));
        assertThat(browser.barriers()).isEmpty();
        assertThat(browser.fits()).isTrue();
    }

    private void givenFourAnomalies() throws Exception {
        server.write(TestRows.of(
                List.of(
                        anomaly(1, "stock", "data_race", Severity.CRITICAL),
                        anomaly(2, "stock", "goroutine_leak", Severity.INFO),
                        anomaly(3, "orders", "goroutine_leak", Severity.WARNING),
                        anomaly(4, "orders", "goroutine_leak", Severity.WARNING)),
                List.of(),
                List.of(),
                List.of(),
                WebServer.nowMs()));
    }

    private static Anomaly anomaly(int number, String service, String kind, Severity severity) {
        return Samples.anomaly("a" + number, service, kind)
                .setSeverity(severity)
                .setFirstSeenNs(Samples.START_NS + number * Samples.SECOND_NS)
                .setSummary("number " + number)
                .build();
    }
}
