package io.unpark.analysis.export;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.unpark.analysis.Analysed;
import io.unpark.analysis.Recordings;
import io.unpark.analysis.model.RequestSegment;
import io.unpark.testkit.TraceEventFormat;
import java.io.IOException;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PerfettoExportTest {

    private static List<JsonNode> exported() throws IOException {
        List<RequestSegment> segments =
                Analysed.of(Recordings.scenario("mutex")).segments();
        StringBuilder out = new StringBuilder();
        PerfettoExport.write(out, segments);
        JsonNode document = new ObjectMapper().readTree(out.toString());
        return StreamSupport.stream(document.path("traceEvents").spliterator(), false)
                .toList();
    }

    private static List<JsonNode> phase(List<JsonNode> events, String phase) {
        return events.stream().filter(e -> e.path("ph").asText().equals(phase)).toList();
    }

    @ParameterizedTest
    @ValueSource(strings = {"mutex", "faulty", "healthy"})
    void isValidByTheFormatsSchemaAndWhatPerfettoAsks(String scenario) throws IOException {
        // When
        StringBuilder out = new StringBuilder();
        PerfettoExport.write(
                out, latest(Analysed.of(Recordings.scenario(scenario)).segments()));
        // Then
        assertThat(TraceEventFormat.problems(out.toString())).isEmpty();
    }

    /** A request that goes on over generations is told at the end of each. */
    private static Collection<RequestSegment> latest(List<RequestSegment> segments) {
        Map<List<String>, RequestSegment> latest = new LinkedHashMap<>();
        segments.forEach(segment ->
                latest.put(List.of(segment.requestId(), segment.instance().name(), segment.segmentId()), segment));
        return latest.values();
    }

    @Test
    void nothingIsAValidDocumentToo() throws IOException {
        // When
        StringBuilder out = new StringBuilder();
        PerfettoExport.write(out, List.of());
        // Then
        assertThat(TraceEventFormat.problems(out.toString())).isEmpty();
    }

    @Test
    void everySegmentIsASliceAndEveryProcessHasAName() throws IOException {
        // When
        List<JsonNode> events = exported();
        // Then
        Set<Long> named = new HashSet<>();
        phase(events, "M").stream()
                .filter(e -> e.path("name").asText().equals("process_name"))
                .forEach(e -> named.add(e.path("pid").asLong()));
        assertThat(named).hasSize(3);
        assertThat(phase(events, "X")).isNotEmpty().allSatisfy(e -> {
            assertThat(named).contains(e.path("pid").asLong());
            assertThat(e.path("dur").asDouble()).isNotNegative();
        });
    }

    @Test
    void arrowsGoFromAWakerToAWaitAndFromACallToItsCallee() throws IOException {
        // When
        List<JsonNode> events = exported();
        // Then
        Map<Long, JsonNode> ends = new HashMap<>();
        phase(events, "f").forEach(e -> ends.put(e.path("id").asLong(), e));
        assertThat(phase(events, "s")).isNotEmpty().allSatisfy(start -> {
            JsonNode end = ends.get(start.path("id").asLong());
            assertThat(end).isNotNull();
            assertThat(end.path("ts").asDouble())
                    .isGreaterThanOrEqualTo(start.path("ts").asDouble());
        });
        assertThat(phase(events, "s")).extracting(e -> e.path("name").asText()).contains("wake-up", "call");
    }

    @Test
    void aRequestCarriesItsWholeCriticalPathAndItsGoroutines() throws IOException {
        // When
        List<JsonNode> requests = phase(exported(), "X").stream()
                .filter(e -> e.path("args").has("critical_path"))
                .toList();
        // Then
        assertThat(requests)
                .isNotEmpty()
                .allSatisfy(e ->
                        assertThat(e.path("args").path("goroutines").isArray()).isTrue());
        assertThat(requests.stream()
                        .map(e -> e.path("args").path("critical_path").toString())
                        .anyMatch(
                                path -> path.contains("inventory POST /reservations/{sku}: the callee waited for a lock"
                                        + " at main.(*server).reserveSlowly")))
                .as("a hop in another service, with its line")
                .isTrue();
    }
}
