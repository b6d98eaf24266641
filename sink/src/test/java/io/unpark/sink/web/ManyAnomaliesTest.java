package io.unpark.sink.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.unpark.schemas.record.Anomaly;
import io.unpark.schemas.record.RuntimeWindow;
import io.unpark.schemas.record.Severity;
import io.unpark.sink.Samples;
import io.unpark.sink.consume.TestRows;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * How soon pages can be used with 10,000 open anomalies: a measurement, on a quiet machine, {@code -Dunpark.measure}. Prints the
 * middle of some loads, from the beginning of the navigation until the page shows what it is about.
 */
final class ManyAnomaliesTest extends WebTest {
    private static final int ANOMALIES = 10_000;
    private static final int SERVICES = 50;
    private static final int LOADS = 7;
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final List<String> KINDS = List.of("goroutine_leak", "data_race", "slow_request", "gc_pressure");

    @BeforeEach
    void fill() throws Exception {
        boolean asked = System.getProperty("unpark.measure") != null;
        if (!asked) {
            System.out.println("SKIPPED: how soon pages show 10,000 anomalies: only with -Dunpark.measure");
        }
        assumeTrue(asked, "a measurement: only with -Dunpark.measure");
        List<RuntimeWindow> windows = new ArrayList<>();
        for (int i = 0; i < SERVICES; i++) {
            windows.add(Samples.runtimeWindow("service-" + i, 1).build());
        }
        for (int from = 0; from < ANOMALIES; from += 500) {
            List<Anomaly> batch = new ArrayList<>();
            for (int i = from; i < from + 500; i++) {
                batch.add(Samples.anomaly("a" + i, "service-" + i % SERVICES, KINDS.get(i % KINDS.size()))
                        .setSeverity(i % 7 == 0 ? Severity.CRITICAL : Severity.WARNING)
                        .setSummary(i + " goroutines wait for a receiver that is gone")
                        .build());
            }
            server.write(TestRows.of(batch, from == 0 ? windows : List.of(), List.of(), List.of(), WebServer.nowMs()));
        }
    }

    @ParameterizedTest
    @CsvSource({"#/, .anomalies tbody tr", "#/overview, main table tbody tr"})
    void isUsableSoon(String page, String shown) {
        long[] loadsMs = new long[LOADS];
        for (int i = 0; i < LOADS; i++) {
            browser.open(server.url() + page);
            // The page's own clock: when the first row was there, and when the main thread was free after it.
            browser.run("""
                    window.usable = new Promise((done) => {
                      const look = () => document.querySelector(arguments0)
                        ? setTimeout(() => done(performance.now()), 0) : requestAnimationFrame(look);
                      look();
                    }).then((ms) => { window.usableMs = ms; });""".replace("arguments0", "'" + shown + "'"));
            await().atMost(PATIENCE).until(() -> browser.run("return window.usableMs;") != null);
            loadsMs[i] = ((Number) browser.run("return window.usableMs;")).longValue();
        }
        Arrays.sort(loadsMs);
        System.out.println(page + " with " + ANOMALIES + " open anomalies: " + loadsMs[LOADS / 2] + " ms, all "
                + Arrays.toString(loadsMs));
        assertThat(loadsMs[LOADS / 2]).isLessThan(PATIENCE.toMillis());
    }
}
