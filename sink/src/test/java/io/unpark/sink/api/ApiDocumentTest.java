package io.unpark.sink.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.unpark.sink.Samples;
import io.unpark.sink.consume.TestRows;
import io.unpark.sink.store.SinkBatch;
import io.unpark.sink.store.SliceJob;
import io.unpark.sink.store.TraceSlice;
import io.unpark.testkit.ApiDocument;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The OpenAPI document says what the sink really answers. The way in and the login are looked at in {@code app}. */
final class ApiDocumentTest {
    private static final String HINT = "the document is sink/src/main/resources/io/unpark/sink/api/openapi.yaml";
    /** Without an end, or a slice that can be read: their own tests hold them against the document. */
    private static final Set<String> ELSEWHERE =
            Set.of("GET /api/v1/events", "GET /api/v1/anomalies/{id}/perfetto", "GET /api/v1/anomalies/{id}/pprof");

    private final List<String> mistakes = new ArrayList<>();
    private SampleServer server;
    private ApiDocument document;

    @BeforeEach
    void start() throws Exception {
        server = new SampleServer();
        document = new ApiDocument(server.get("/api/v1/openapi.json").body());
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void everyRouteIsDescribedAndEveryDescribedRouteIsThere() {
        assertThat(ofTheSink(document.operations())).as(HINT).isEqualTo(server.routes());
    }

    @Test
    void answersAreAsDescribed() throws Exception {
        // Given something of everything
        fill();

        // When everything is asked for
        look("GET /api/v1/anomalies", "/api/v1/anomalies?limit=1");
        look("GET /api/v1/anomalies", "/api/v1/anomalies?limit=1&order=worst&open=true");
        look("GET /api/v1/anomalies/{id}", "/api/v1/anomalies/a1");
        look("GET /api/v1/anomalies/{id}/trace", "/api/v1/anomalies/a1/trace");
        look("GET /api/v1/services", "/api/v1/services?limit=1");
        look("GET /api/v1/services/{service}/windows", "/api/v1/services/orders/windows?limit=1");
        look("GET /api/v1/services/{service}/windows", "/api/v1/services/orders/windows?step=1m");
        look("GET /api/v1/services/{service}/windows", "/api/v1/services/orders/windows?step=1h");
        look("GET /api/v1/services/{service}/compare", "/api/v1/services/orders/compare");
        look("GET /api/v1/services/{service}/flame", "/api/v1/services/orders/flame");
        look("GET /api/v1/anomalies/{id}/counts", "/api/v1/anomalies/a1/counts");
        look("GET /api/v1/anomalies/{id}/downloads", "/api/v1/anomalies/a1/downloads");
        look("GET /api/v1/anomalies/{id}/flame", "/api/v1/anomalies/a1/flame");
        look("GET /api/v1/requests/{id}", "/api/v1/requests/r1");
        look("GET /api/v1/requests/{id}/flame", "/api/v1/requests/r1/flame");
        look("GET /api/v1/overview", "/api/v1/overview");
        look("GET /api/v1/graph", "/api/v1/graph");
        for (String path : List.of(
                "/api/v1/status", "/api/v1/openapi.json", "/api/v1/openapi.yaml", "/healthz", "/readyz", "/metrics")) {
            look("GET " + path, path);
        }

        // Then each answer is as it is described, and none was forgotten
        assertThat(mistakes).as(HINT).isEmpty();
        Set<String> expected = new TreeSet<>(server.routes());
        expected.removeAll(ELSEWHERE);
        assertThat(document.seen()).isEqualTo(expected);
    }

    @Test
    void problemsAreAsDescribed() throws Exception {
        look("GET /api/v1/anomalies", "/api/v1/anomalies?state=shut");
        look("GET /api/v1/anomalies", "/api/v1/anomalies?order=best");
        look("GET /api/v1/anomalies/{id}", "/api/v1/anomalies/nope");
        look("GET /api/v1/anomalies/{id}/trace", "/api/v1/anomalies/nope/trace");
        look("GET /api/v1/anomalies/{id}/perfetto", "/api/v1/anomalies/nope/perfetto");
        look("GET /api/v1/anomalies/{id}/pprof", "/api/v1/anomalies/nope/pprof?measure=wrong");
        look("GET /api/v1/events", "/api/v1/events?after=x");
        look("GET /api/v1/services", "/api/v1/services?cursor=x");
        look("GET /api/v1/services/{service}/windows", "/api/v1/services/nope/windows");
        look("GET /api/v1/services/{service}/windows", "/api/v1/services/nope/windows?step=2m");
        look("GET /api/v1/services/{service}/compare", "/api/v1/services/nope/compare");
        look("GET /api/v1/services/{service}/flame", "/api/v1/services/nope/flame");
        look("GET /api/v1/anomalies/{id}/counts", "/api/v1/anomalies/nope/counts");
        look("GET /api/v1/anomalies/{id}/flame", "/api/v1/anomalies/a1/flame?kind=x");
        look("GET /api/v1/requests/{id}", "/api/v1/requests/nope");
        look("GET /api/v1/requests/{id}/flame", "/api/v1/requests/nope/flame");
        look("GET /api/v1/graph", "/api/v1/graph?since=x");
        server.storage.close();
        look("GET /api/v1/anomalies", "/api/v1/anomalies");
        look("GET /api/v1/events", "/api/v1/events");

        assertThat(mistakes).as(HINT).isEmpty();
        assertThat(document.seen()).isEmpty();
    }

    @Test
    void bothSpellingsAreOneDocument() throws Exception {
        JsonNode json =
                new ObjectMapper().readTree(server.get("/api/v1/openapi.json").body());

        assertThat(json.path("openapi").asText()).isEqualTo("3.1.0");
        assertThat(server.get("/api/v1/openapi.yaml").body()).contains("operationId: listAnomalies");
        assertThat(references(json))
                .allSatisfy(ref -> assertThat(json.at(ref.substring(1)).isMissingNode())
                        .as(ref)
                        .isFalse());
    }

    private void fill() throws Exception {
        SinkBatch batch = TestRows.of(
                List.of(
                        Samples.anomaly("a1", "orders", "goroutine_leak")
                                .setSlices(List.of(Samples.ref("go-trace-chunks", 0, 1, "c", 4)))
                                .build(),
                        Samples.anomaly("a2", "orders", "data_race").build()),
                List.of(
                        Samples.runtimeWindow("orders", 1).build(),
                        Samples.runtimeWindow("orders", 2).build()),
                List.of(Samples.routeWindow("orders", 1, "GET /api").build()),
                List.of(Samples.request("r1")),
                server.nowMs());
        server.write(batch);
        server.storage.rollUps().run(() -> true);
        SliceJob job = server.storage.slices().pending(1).get(0);
        server.storage
                .slices()
                .ready(job, new TraceSlice("c", 4, 4, "go 1.26 trace".getBytes(StandardCharsets.US_ASCII)));
    }

    private void look(String operation, String path) throws Exception {
        HttpResponse<String> answer = server.get(path);
        mistakes.addAll(document.mistakes(operation, answer));
    }

    private static Set<String> ofTheSink(Set<String> operations) {
        return operations.stream()
                .filter(it -> !it.contains(" /ingest/") && !it.contains(" /auth/"))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static List<String> references(JsonNode node) {
        List<String> found = new ArrayList<>();
        node.findValues("$ref").forEach(ref -> found.add(ref.asText()));
        return found;
    }
}
