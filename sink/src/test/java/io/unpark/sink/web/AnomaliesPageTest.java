package io.unpark.sink.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.unpark.schemas.record.Anomaly;
import io.unpark.schemas.record.Severity;
import io.unpark.sink.Samples;
import io.unpark.sink.consume.TestRows;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.openqa.selenium.Keys;

/** The list of anomalies, as a browser shows it. */
final class AnomaliesPageTest extends WebTest {
    private static final String HOSTILE = "<img src=x onerror=\"document.title='broken into'\">";

    @Test
    void listsTheAnomaliesOfTheStoreTheWorstFirst() throws Exception {
        givenThreeAnomalies();

        open("#/");
        browser.awaitText("3 anomalies of orders");

        assertThat(browser.texts(".anomalies .what a"))
                .containsExactly("1 anomaly of stock", "3 anomalies of orders", "2 anomalies of orders");
    }

    @Test
    void showsAHundredAtFirstAndMoreWhenAsked() throws Exception {
        List<Anomaly> many = new ArrayList<>();
        for (int i = 0; i < 150; i++) {
            many.add(anomaly("n%03d".formatted(i), "orders", Severity.INFO, "anomaly " + i));
        }
        server.write(TestRows.of(many, List.of(), List.of(), List.of(), WebServer.nowMs()));

        open("#/");
        browser.awaitText("The worst 100 are shown.");
        assertThat(browser.texts(".tiles b")).containsExactly("0", "0", "150", "1");

        browser.click("[data-key=more]");

        await().untilAsserted(
                        () -> assertThat(browser.texts(".anomalies .what a")).hasSize(150));
        assertThat(browser.text()).doesNotContain("are shown.");
    }

    @Test
    void filtersByService() throws Exception {
        givenThreeAnomalies();
        open("#/");
        browser.awaitText("1 anomaly of stock");

        browser.click("[data-key=filter-service] option[value=orders]");

        await().untilAsserted(() -> assertThat(browser.texts(".anomalies .what a"))
                .containsExactly("3 anomalies of orders", "2 anomalies of orders"));
        assertThat(browser.address()).endsWith("#/?service=orders");
    }

    @Test
    void saysThatNothingMatchesAndGoesBackByKeyboard() throws Exception {
        givenThreeAnomalies();
        open("#/?state=resolved");
        browser.awaitText("Nothing matches these filters");

        browser.type("[data-key=filter-clear]", Keys.ENTER);

        browser.awaitText("1 anomaly of stock");
    }

    @Test
    void anEmptyStoreSaysWhatToSend() {
        open("#/");

        browser.awaitText("Nothing has come in yet");
        assertThat(browser.text()).contains("curl --data-binary @trace.out '" + server.url() + "ingest/v1/trace");
    }

    @Test
    void anAnomalyThatIsNotThereIsAnErrorInWords() {
        open("#/anomaly/nothing");

        browser.awaitText("not reachable");
        assertThat(browser.texts("#failure")).singleElement().asString().contains("nothing");
    }

    @Test
    void aServerThatIsGoneIsAnErrorInWords() {
        open("#/");
        browser.awaitText("Nothing has come in yet");

        server.close();
        server = null;
        browser.run("location.hash = '#/status';");

        browser.awaitText("The server does not answer.");
    }

    @Test
    void whatCameInIsShownWithoutLoadingThePageAgain() throws Exception {
        open("#/");
        browser.awaitText("Nothing has come in yet");

        givenThreeAnomalies();

        browser.awaitText("1 anomaly of stock");
    }

    @Test
    void namesFromTracesAreText() throws Exception {
        Anomaly anomaly = anomaly("h1", "orders", Severity.WARNING, HOSTILE);
        server.write(TestRows.of(List.of(anomaly), List.of(), List.of(), List.of(), WebServer.nowMs()));

        open("#/");
        browser.awaitText(HOSTILE);

        assertThat(browser.run("return document.title;")).isEqualTo("Unpark");
        assertThat(browser.run("return document.querySelectorAll('main img').length;"))
                .isEqualTo(0L);
    }

    @ParameterizedTest
    @CsvSource({"1280, false", "390, true"})
    void isReadableByEverybodyEverywhere(int widthPixels, boolean dark) throws Exception {
        givenThreeAnomalies();
        browser.look(widthPixels, dark);

        open("#/");
        browser.awaitText("1 anomaly of stock");

        browser.screenshot("anomalies-" + widthPixels + (dark ? "-dark" : ""));
        assertThat(browser.barriers()).isEmpty();
        assertThat(browser.fits()).isTrue();
    }

    private void givenThreeAnomalies() throws Exception {
        server.write(TestRows.of(
                List.of(
                        anomaly("a1", "stock", Severity.CRITICAL, "1 anomaly of stock"),
                        anomaly("a2", "orders", Severity.INFO, "2 anomalies of orders"),
                        anomaly("a3", "orders", Severity.WARNING, "3 anomalies of orders")),
                List.of(
                        Samples.runtimeWindow("orders", 1).build(),
                        Samples.runtimeWindow("stock", 1).build()),
                List.of(),
                List.of(),
                WebServer.nowMs()));
    }

    private static Anomaly anomaly(String id, String service, Severity severity, String summary) {
        return Samples.anomaly(id, service, "goroutine_leak")
                .setSeverity(severity)
                .setSummary(summary)
                .build();
    }
}
