package io.unpark.analysis.instance;

import static org.assertj.core.api.Assertions.assertThat;

import io.unpark.analysis.InstanceFeed;
import io.unpark.analysis.OneCpu;
import io.unpark.analysis.Samples;
import io.unpark.analysis.config.AnalysisConfig;
import io.unpark.analysis.config.ConfigReader;
import io.unpark.analysis.model.RequestSegment;
import io.unpark.trace.TraceFormatException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Logs of others' that say something about a request, by names that are known and names of the configuration. */
class LogKeysTest {
    private static final long MS = 1_000_000L;
    private static final String CLOCK = "sec=1700000000 nsec=0";
    private static final String HERE = "main.handle@/src/main.go:31<main.main@/src/main.go:5";
    private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";

    private static RequestSegment logged(AnalysisConfig config, String... keysAndValues) throws TraceFormatException {
        OneCpu cpu = new OneCpu(CLOCK).at(10).task(5, "GET /a");
        for (int i = 0; i < keysAndValues.length; i += 2) {
            cpu.log(5, keysAndValues[i], keysAndValues[i + 1], HERE);
        }
        cpu.at(40).taskEnd(5);
        InstanceFeed feed = new InstanceFeed(Samples.instance("orders-1"), config);
        List<RequestSegment> segments = feed.takeAll("c1", cpu.generations()).stream()
                .map(InstanceOutput::segments)
                .flatMap(List::stream)
                .toList();
        assertThat(segments).hasSize(1);
        return segments.get(0);
    }

    @Test
    void aHeadersBudgetCountsFromWhereItIsLogged() throws TraceFormatException {
        // When
        RequestSegment segment = logged(AnalysisConfig.DEFAULTS, "Grpc-Timeout", "150m");
        // Then
        assertThat(segment.headerDeadlineNs() - segment.startNs()).isBetween(150 * MS, 151 * MS);
    }

    @Test
    void ofSeveralTheShortestHoldsAndNonsenseDoesNot() throws TraceFormatException {
        // When
        RequestSegment segment = logged(
                AnalysisConfig.DEFAULTS,
                "x-request-timeout",
                "20",
                "request-timeout",
                "1m",
                "x-request-timeout",
                "tomorrow",
                "x-other",
                "1");
        // Then
        assertThat(segment.headerDeadlineNs() - segment.startNs()).isBetween(20 * MS, 21 * MS);
    }

    @Test
    void namesOfTheConfigurationAreUnderstood() throws TraceFormatException {
        // Given
        AnalysisConfig config = ConfigReader.read(
                Map.of(
                        "deadline_headers",
                        List.of("X-Budget"),
                        "log_keys",
                        Map.of("trace_id", List.of("dd.trace"), "span_id", List.of("raw.span_id"))),
                Map.of("UNPARK_LOG_KEYS_DEADLINE_UNIX_MS", "due"));
        // When
        RequestSegment segment = logged(
                config, "dd.trace", TRACE, "raw.span_id", "00f067aa0ba902b7", "due", "1700000000500", "x-budget", "30");
        RequestSegment unknown = logged(AnalysisConfig.DEFAULTS, "dd.trace", TRACE, "x-budget", "30");
        // Then
        assertThat(segment.requestId()).isEqualTo(TRACE);
        assertThat(segment.segmentId()).isEqualTo("00f067aa0ba902b7");
        assertThat(segment.contextDeadlineNs()).isEqualTo(1_700_000_000_500L * MS);
        assertThat(segment.headerDeadlineNs() - segment.startNs()).isBetween(30 * MS, 31 * MS);
        assertThat(unknown.requestId()).doesNotContain(TRACE);
        assertThat(unknown.headerDeadlineNs()).isZero();
    }
}
