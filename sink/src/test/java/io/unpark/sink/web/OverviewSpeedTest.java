package io.unpark.sink.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.unpark.schemas.record.Anomaly;
import io.unpark.schemas.record.RuntimeWindow;
import io.unpark.schemas.record.Severity;
import io.unpark.sink.Samples;
import io.unpark.sink.consume.TestRows;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * The overview with 10,000 open anomalies. What comes to the browser is bounded; how long it takes is printed, and checked only
 * where {@code -Dunpark.measure} says that the machine is quiet.
 */
final class OverviewSpeedTest extends WebTest {
    private static final int ANOMALIES = 10_000;
    private static final int SERVICES = 40;
    private static final int BATCH = 1_000;
    private static final int HOURS = 3;
    private static final int ROUNDS = 5;
    /** Where the time of a load went, milliseconds after its beginning. */
    private static final String STAGES = """
            const all = performance.getEntriesByType('resource');
            const scripts = all.filter((it) => it.initiatorType === 'script' || it.name.endsWith('.js'));
            const answer = all.find((it) => it.name.includes('api/v1/overview'));
            return `${scripts.length} scripts until ${Math.round(Math.max(...scripts.map((it) => it.responseEnd)))} ms, answer from `
              + `${Math.round(answer.startTime)} to ${Math.round(answer.responseEnd)} ms, shown at ${Math.round(window.thereAfterMs)} ms`;""";

    private static final List<String> KINDS = List.of(
            "goroutine_leak",
            "slow_request",
            "blocked_too_long",
            "mutex_contention",
            "sched_latency",
            "data_race",
            "deadline_exceeded",
            "missing_deadline");

    @Test
    void isThereAtOnceWithTenThousandOpenAnomalies() throws Exception {
        for (int hour = HOURS - 1; hour >= 0; hour--) {
            givenAnomalies(hour);
        }
        browser.noteWhenThere(".matrix tbody a.pill");

        List<Long> timesMs = new ArrayList<>();
        for (int i = 0; i < ROUNDS; i++) {
            open("#/overview");
            browser.awaitText("Getting worse");
            timesMs.add(((Number) browser.run("return window.thereAfterMs;")).longValue());
            System.out.println(browser.run(STAGES));
        }

        long bytes = ((Number)
                        browser.run(
                                "return performance.getEntriesByType('resource').find((r) => r.name.includes('api/v1/overview')).decodedBodySize;"))
                .longValue();
        System.out.printf(
                "The overview of %,d open anomalies was there after %s ms, of %,d bytes.%n", ANOMALIES, timesMs, bytes);
        assertThat(bytes).isLessThan(100_000);
        assertThat(browser.texts(".tiles b").get(0)).isEqualTo("3,334");
        if (System.getProperty("unpark.measure") != null) {
            assertThat(timesMs).allMatch(ms -> ms < 1_000);
        }
    }

    private void givenAnomalies(int hoursAgo) throws Exception {
        for (int from = 0; from < ANOMALIES; from += BATCH) {
            List<Anomaly> anomalies = new ArrayList<>();
            for (int i = from; i < from + BATCH; i++) {
                anomalies.add(anomaly(i, hoursAgo));
            }
            server.write(TestRows.of(anomalies, List.of(), List.of(), List.of(), WebServer.nowMs()));
        }
        List<RuntimeWindow> windows = new ArrayList<>();
        for (int service = 0; service < SERVICES; service++) {
            windows.add(Samples.runtimeWindow("service-" + service, 1).build());
        }
        server.write(TestRows.of(List.of(), windows, List.of(), List.of(), WebServer.nowMs()));
    }

    private static Anomaly anomaly(int i, int hoursAgo) {
        Severity severity =
                List.of(Severity.CRITICAL, Severity.WARNING, Severity.INFO).get(i % 3);
        return Samples.anomaly("a" + i, "service-" + i % SERVICES, KINDS.get(i / SERVICES % KINDS.size()))
                .setSeverity(severity)
                .setFirstSeenNs(Samples.START_NS - (i % 60) * 3_600 * Samples.SECOND_NS)
                .setLastSeenNs(Samples.START_NS - hoursAgo * 3_600 * Samples.SECOND_NS)
                .setCount(10 + (long) (HOURS - hoursAgo) * (i % 100))
                .build();
    }
}
