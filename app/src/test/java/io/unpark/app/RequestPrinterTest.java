package io.unpark.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.unpark.app.console.ExitCode;
import io.unpark.testkit.TraceEventFormat;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** One request of a recording of two services, of which the second sleeps. */
class RequestPrinterTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    private static Cli analyze(Object... words) {
        Path folder = ProjectRoot.folder().resolve("benchmarks/chains/recordings");
        List<Object> all = new ArrayList<>(List.of("analyze"));
        all.addAll(Arrays.asList(words));
        for (String part : List.of("front", "callee")) {
            Path file = folder.resolve("slow_downstream." + part + ".trace.xz");
            all.addAll(List.of("--service", part + "=" + file, file));
        }
        return Cli.run(all.toArray());
    }

    private static String slowest() throws IOException {
        for (String line : analyze("--format", "jsonl").outLines()) {
            JsonNode anomaly = JSON.readTree(line);
            if (anomaly.path("kind").asText().equals("slow_request")
                    && anomaly.path("service").asText().equals("front")) {
                return anomaly.path("evidence").path("request").asText();
            }
        }
        throw new AssertionError("no slow request of the front");
    }

    @Test
    void aRequestIsShownWithItsServicesAndItsChain() throws IOException {
        // Given
        String id = slowest();
        // When
        Cli run = analyze("--request", id);
        // Then
        assertThat(run.exitCode()).isZero();
        assertThat(run.outLines()).anyMatch(line -> line.startsWith("front GET /work"));
        assertThat(run.outLines()).anyMatch(line -> line.startsWith("  callee GET /orders"));
        assertThat(run.outLines())
                .anyMatch(line -> line.contains("callee: the callee slept  main.orders.query services.go:"));
    }

    @Test
    void theBeginningOfAnIdIsEnough() throws IOException {
        // Given
        String id = slowest();
        // When
        Cli run = analyze("--request", id.substring(0, 12));
        // Then
        assertThat(run.out()).startsWith("Request " + id);
    }

    @Test
    void anUnknownIdIsRefusedAndOthersAreOffered() {
        // When
        Cli run = analyze("--request", "cafe");
        // Then
        assertThat(run.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(run.err()).contains("there is no request cafe").contains("the longest are");
        assertThat(run.out()).isEmpty();
    }

    @Test
    void aRequestIsExportedForPerfetto() throws IOException {
        // Given
        String id = slowest();
        // When
        Cli run = analyze("--request", id, "--format", "perfetto");
        // Then
        JsonNode events = JSON.readTree(run.out()).path("traceEvents");
        assertThat(events).isNotEmpty();
        assertThat(TraceEventFormat.problems(run.out())).isEmpty();
        assertThat(run.out()).contains("main.orders.query").contains("critical path of GET /work");
    }

    @Test
    void aRequestHasNoJsonLines() {
        // When
        Cli run = analyze("--request", "cafe", "--format", "jsonl");
        // Then
        assertThat(run.exitCode()).isEqualTo(ExitCode.USAGE);
    }
}
