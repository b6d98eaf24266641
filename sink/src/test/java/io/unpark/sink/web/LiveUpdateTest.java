package io.unpark.sink.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.unpark.sink.Samples;
import io.unpark.sink.consume.TestRows;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What happens is shown while the page is looked at. */
final class LiveUpdateTest extends WebTest {
    /** Less than until the page would ask by itself while it is told. */
    private static final Duration SOON = Duration.ofSeconds(20);

    private static final String TOLD = "return document.getElementById('live').title.startsWith('Changes');";

    @AfterEach
    void letEverythingThrough() {
        browser.block("");
    }

    @Test
    void anAnomalyAndItsChangeOfStateAreShownWithoutLoadingThePageAgain() throws Exception {
        open("#/");
        browser.awaitText("Nothing has come in yet");
        await().atMost(SOON).until(() -> Boolean.TRUE.equals(browser.run(TOLD)));
        browser.run("window.sameDocument = true;");

        write("a1", "17 goroutines wait for a receiver that is gone");

        await().atMost(SOON).until(() -> browser.text().contains("17 goroutines wait"));
        assertThat(browser.texts(".anomalies .kind")).containsExactly("goroutine_leak");

        server.passTime();

        await().atMost(SOON).until(() -> browser.texts(".anomalies .kind").contains("resolved"));
        assertThat(browser.run("return window.sameDocument;")).isEqualTo(true);
    }

    @Test
    void theAnomalyThatIsLookedAtChangesToo() throws Exception {
        write("a1", "17 goroutines wait");
        open("#/anomaly/a1");
        browser.awaitText("17 goroutines wait");
        await().atMost(SOON).until(() -> Boolean.TRUE.equals(browser.run(TOLD)));

        write("a1", "18 goroutines wait");

        await().atMost(SOON).until(() -> browser.text().contains("18 goroutines wait"));
    }

    @Test
    void withoutEventsThePageAsksByItself() throws Exception {
        browser.block("*api/v1/events*");
        open("#/");
        browser.awaitText("Nothing has come in yet");

        write("a1", "17 goroutines wait");

        browser.awaitText("17 goroutines wait");
        assertThat(browser.run(TOLD)).isEqualTo(false);
    }

    private void write(String id, String summary) throws Exception {
        server.write(TestRows.of(
                List.of(Samples.anomaly(id, "orders", "goroutine_leak")
                        .setSummary(summary)
                        .build()),
                List.of(),
                List.of(),
                List.of(),
                WebServer.nowMs()));
    }
}
