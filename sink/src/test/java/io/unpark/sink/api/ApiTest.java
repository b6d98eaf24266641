package io.unpark.sink.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.javalin.Javalin;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.unpark.analysis.model.ChunkRef;
import io.unpark.sink.RefusedInput;
import io.unpark.sink.consume.TestStatus;
import io.unpark.sink.store.AnomalyRow;
import io.unpark.sink.store.RouteWindowRow;
import io.unpark.sink.store.RuntimeWindowRow;
import io.unpark.sink.store.SinkBatch;
import io.unpark.sink.store.SliceJob;
import io.unpark.sink.store.StateRule;
import io.unpark.sink.store.StorageConfig;
import io.unpark.sink.store.TraceSlice;
import io.unpark.sink.store.jdbc.JdbcStorage;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The API over real HTTP, on a database in memory. */
class ApiTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Instant NOW = Instant.parse("2026-11-23T00:00:00Z");
    private static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);
    private static final long NOW_NS = NOW.toEpochMilli() * 1_000_000;

    private final HttpClient http = HttpClient.newHttpClient();
    private JdbcStorage storage;
    private Javalin server;

    @BeforeEach
    void start() {
        storage = new JdbcStorage(StorageConfig.inMemory("api"));
        storage.start();
        SinkRoutes routes = new SinkRoutes(
                storage,
                TestStatus.afterTwoRecords(CLOCK),
                () -> new StateRule(CLOCK.millis(), 600_000),
                () -> List.of(new RefusedInput("ingest", "not a trace", 3, NOW)),
                () -> Map.of("detector_faults", List.of(Map.of("detector", "goroutine_leak", "count", 2))),
                CLOCK);
        server = Javalin.create(config -> {
                    config.startup.showJavalinBanner = false;
                    routes.register(config);
                    SinkRoutes.registerOperations(
                            config,
                            Map.of("fine", Optional::empty, "broken", () -> Optional.of("no disk")),
                            new PrometheusMeterRegistry(PrometheusConfig.DEFAULT));
                })
                .start("127.0.0.1", 0);
    }

    @AfterEach
    void stop() {
        server.stop();
        storage.close();
    }

    @Test
    void listsItemsWithStateAndNamespace() throws Exception {
        write(row("a1", "orders", "goroutine_leak"));

        JsonNode body = json(get("/api/v1/anomalies"), 200);

        assertThat(body.get("next").isNull()).isTrue();
        assertThat(body.get("items")).hasSize(1);
        assertThat(body.get("items").get(0).get("state").asText()).isEqualTo("OPEN");
        assertThat(body.get("items").get(0).get("namespace").asText()).isEqualTo("shop");
    }

    @Test
    void allPagesTogetherAreAllItemsOnceWhateverIsUpdatedBetween() throws Exception {
        Random random = new Random(7);
        List<String> expected = new ArrayList<>();
        for (int i = 0; i < 57; i++) {
            expected.add("a" + i);
            write(row("a" + i, "orders", "goroutine_leak"));
        }
        for (int limit : List.of(1, 3, 10, 57, 100)) {
            List<String> found = new ArrayList<>();
            String cursor = "";
            do {
                JsonNode page = json(get("/api/v1/anomalies?limit=" + limit + "&cursor=" + cursor), 200);
                page.get("items").forEach(item -> found.add(item.get("id").asText()));
                cursor = page.get("next").asText("");
                write(row("a" + random.nextInt(57), "orders", "goroutine_leak"));
            } while (!cursor.isEmpty() && !cursor.equals("null"));

            assertThat(found).containsExactlyInAnyOrderElementsOf(expected);
        }
    }

    @Test
    void filtersRestrict() throws Exception {
        write(row("a1", "orders", "goroutine_leak"), row("a2", "orders", "data_race"), row("a3", "stock", "data_race"));

        assertThat(ids("service=orders&kind=data_race")).containsExactly("a2");
        assertThat(ids("severity=critical")).isEmpty();
        assertThat(ids("state=open&namespace=shop")).hasSize(3);
        assertThat(ids("since=15m")).hasSize(3);
        assertThat(ids("since=2026-11-23T00:00:01Z")).isEmpty();
        assertThat(ids("kind=")).hasSize(3);
    }

    @ParameterizedTest
    @CsvSource({
        "state=shut, state, 'state is ''shut'', but must be one of open, resolved'",
        "limit=0, limit, 'limit is ''0'', but must be a whole number from 1 to 1000'",
        "limit=99999999999, limit, 'limit is ''99999999999'', but must be a whole number from 1 to 1000'",
        "cursor=@@, cursor, 'cursor must be the ''next'' of an earlier page'",
        "sevice=orders, sevice,",
        "since=yesterday, since,",
        "since=+1000000000-12-31T23:59:59Z, since,",
        "kind=goroutine_leek, kind,",
        "state=open&state=resolved, state, state is given 2 times",
    })
    void aBadParameterIsNamed(String query, String parameter, String detail) throws Exception {
        HttpResponse<String> response = get("/api/v1/anomalies?" + query);

        JsonNode problem = problem(response, 400);
        assertThat(problem.get("parameter").asText()).isEqualTo(parameter);
        if (detail != null) {
            assertThat(problem.get("detail").asText()).isEqualTo(detail);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/api/v1/anomalies/nope",
                "/api/v1/anomalies/nope/trace",
                "/api/v1/services/nope/windows",
                "/api/v1/requests/nope",
                "/api/v1/nope",
                "/api/v1/anomalies/a/perfetto",
                "/api/v1/anomalies/%27--"
            })
    void whatIsUnknownIsAProblemDocument(String path) throws Exception {
        problem(get(path), 404);
    }

    @Test
    void namesFromTracesNeverBecomeMarkup() throws Exception {
        String hostile = "<img src=x onerror=alert(1)>\"';--/../";
        write(row("a1", hostile, "goroutine_leak"));

        HttpResponse<String> list = get("/api/v1/anomalies?service=" + encode(hostile));

        assertThat(json(list, 200).get("items").get(0).get("service").asText()).isEqualTo(hostile);
        assertThat(list.headers().firstValue("Content-Type")).hasValue("application/json");
        assertThat(list.headers().firstValue("X-Content-Type-Options")).hasValue("nosniff");
        assertThat(json(get("/api/v1/services"), 200)
                        .get("items")
                        .get(0)
                        .get("service")
                        .asText())
                .isEqualTo(hostile);
    }

    @Test
    void handsOverASliceAsAFile() throws Exception {
        write(withSlice("a1", "or\"ders\r\nX: y"));
        problem(get("/api/v1/anomalies/a1/trace"), 404);
        SliceJob job = storage.slices().pending(1).get(0);
        storage.slices().ready(job, new TraceSlice("c", 3, 4, "go 1.26 trace".getBytes(StandardCharsets.US_ASCII)));

        HttpResponse<String> response = get("/api/v1/anomalies/a1/trace");

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body()).isEqualTo("go 1.26 trace");
        assertThat(response.headers().firstValue("Content-Disposition"))
                .hasValue("attachment; filename=\"or_ders_X_y-goroutine_leak-a1.trace\"");
        assertThat(response.headers().firstValue("Unpark-Generations")).hasValue("3-4");
    }

    @Test
    void aSliceThatIsGoneSaysWhy() throws Exception {
        write(withSlice("a1", "orders"));
        storage.slices().gone(storage.slices().pending(1).get(0), "retention was faster");

        JsonNode problem = problem(get("/api/v1/anomalies/a1/trace"), 410);

        assertThat(problem.get("detail").asText()).contains("retention was faster");
    }

    @Test
    void showsTheWindowsOfAService() throws Exception {
        storage.anomalyStore()
                .write(new SinkBatch(
                        List.of(),
                        Map.of(),
                        List.of(
                                new RuntimeWindowRow(
                                        "w1", "shop", "orders", "i", NOW_NS - 1, CLOCK.millis(), 5, "{\"n\":1}"),
                                new RuntimeWindowRow(
                                        "w2", "shop", "orders", "i", NOW_NS, CLOCK.millis(), 6, "{\"n\":2}")),
                        List.of(new RouteWindowRow("r", "shop", "orders", NOW_NS, CLOCK.millis(), "{\"n\":3}")),
                        List.of()));

        JsonNode body = json(get("/api/v1/services/orders/windows"), 200);

        assertThat(body.get("items").toString()).isEqualTo("[{\"n\":1},{\"n\":2}]");
        assertThat(body.get("routes").toString()).isEqualTo("[{\"n\":3}]");
        assertThat(json(get("/api/v1/services/orders/windows?namespace=shop&limit=1"), 200)
                        .get("items"))
                .hasSize(1);
        problem(get("/api/v1/services/orders/windows?namespace=other"), 404);
        problem(get("/api/v1/services/orders/windows?step=2m"), 400);
    }

    @Test
    void showsTheWindowsOfAServiceRolledUp() throws Exception {
        // Given
        storage.anomalyStore()
                .write(new SinkBatch(
                        List.of(),
                        Map.of(),
                        List.of(new RuntimeWindowRow(
                                "w", "shop", "orders", "i", NOW_NS, CLOCK.millis(), 5, "{\"goroutines\":5}")),
                        List.of(new RouteWindowRow("r", "shop", "orders", NOW_NS, CLOCK.millis(), "{\"count\":3}")),
                        List.of()));
        storage.rollUps().run(() -> true);
        // When
        JsonNode minutes = json(get("/api/v1/services/orders/windows?step=1m"), 200);
        JsonNode hours = json(get("/api/v1/services/orders/windows?step=1h&since=2h"), 200);
        // Then
        assertThat(minutes.at("/items/0/goroutines").asInt()).isEqualTo(5);
        assertThat(minutes.at("/items/0/end").asText()).isEqualTo("2026-11-23T00:01:00.000000000Z");
        assertThat(hours.at("/routes/0/count").asInt()).isEqualTo(3);
        assertThat(hours.at("/routes/0/step").asText()).isEqualTo("1h");
    }

    @Test
    void statusShowsLagRatesAndWhatWasRefused() throws Exception {
        JsonNode body = json(get("/api/v1/status"), 200);

        assertThat(body.at("/lag/0/lag").asInt()).isEqualTo(5);
        assertThat(body.at("/lag/1/lag").isNull()).isTrue();
        assertThat(body.at("/topics/0/records").asInt()).isEqualTo(2);
        assertThat(body.at("/topics/0/per_second").asDouble()).isEqualTo(2 / 60.0);
        assertThat(body.at("/bad_records/0/reason").asText()).isEqualTo("not Avro");
        assertThat(body.at("/refused/0/count").asInt()).isEqualTo(3);
        assertThat(body.at("/detector_faults/0/detector").asText()).isEqualTo("goroutine_leak");
    }

    @Test
    void probesAnswer() throws Exception {
        assertThat(json(get("/healthz"), 200).get("status").asText()).isEqualTo("up");
        JsonNode ready = json(get("/readyz"), 503);
        assertThat(ready.at("/checks/broken").asText()).isEqualTo("no disk");
        assertThat(get("/metrics").headers().firstValue("Content-Type"))
                .hasValueSatisfying(type -> assertThat(type).startsWith("text/plain; version=0.0.4"));
    }

    @Test
    void thePageRunsItsOwnScriptsOnly() throws Exception {
        HttpResponse<String> page = get("/");

        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.body()).contains("<script type=\"module\" src=\"main.js\"></script>");
        assertThat(page.headers().firstValue("Content-Security-Policy"))
                .hasValueSatisfying(policy -> assertThat(policy)
                        .contains("default-src 'none'", "script-src 'self'")
                        .doesNotContain("unsafe"));
        for (String file : List.of("main.js", "dom.js", "anomalies.js", "detail.js", "app.css", "icon.svg")) {
            assertThat(get("/" + file).statusCode()).as(file).isEqualTo(200);
        }
        assertThat(get("/../db/V1__first.sql").statusCode()).isNotEqualTo(200);
    }

    @Test
    void aDatabaseThatIsAwayIsSaidSo() throws Exception {
        storage.close();

        problem(get("/api/v1/anomalies"), 503);
    }

    private void write(AnomalyRow... rows) throws Exception {
        Map<String, Optional<AnomalyRow>> byId = new LinkedHashMap<>();
        for (AnomalyRow row : rows) {
            byId.put(row.id(), Optional.of(row));
        }
        storage.anomalyStore().write(new SinkBatch(List.of(), byId, List.of(), List.of(), List.of()));
    }

    private static AnomalyRow row(String id, String service, String kind) {
        return row(id, service, kind, List.of());
    }

    private static AnomalyRow withSlice(String id, String service) {
        return row(id, service, "goroutine_leak", List.of(new ChunkRef("go-trace-chunks", 0, 1, "c", 4)));
    }

    private static AnomalyRow row(String id, String service, String kind, List<ChunkRef> slices) {
        String document = JSON.createObjectNode()
                .put("id", id)
                .put("kind", kind)
                .put("service", service)
                .put("namespace", "shop")
                .toString();
        return new AnomalyRow(
                id,
                "shop",
                service,
                kind,
                "warning",
                "certain",
                1,
                NOW_NS,
                NOW_NS,
                NOW.toEpochMilli(),
                "f",
                slices,
                document);
    }

    private List<String> ids(String query) throws Exception {
        List<String> ids = new ArrayList<>();
        json(get("/api/v1/anomalies?" + query), 200)
                .get("items")
                .forEach(item -> ids.add(item.get("id").asText()));
        return ids;
    }

    private HttpResponse<String> get(String path) throws Exception {
        URI uri = URI.create("http://127.0.0.1:" + server.port() + path);
        return http.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
    }

    private static JsonNode json(HttpResponse<String> response, int status) throws Exception {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        return JSON.readTree(response.body());
    }

    private static JsonNode problem(HttpResponse<String> response, int status) throws Exception {
        assertThat(response.headers().firstValue("Content-Type")).hasValue("application/problem+json");
        JsonNode problem = json(response, status);
        assertThat(problem.get("status").asInt()).isEqualTo(status);
        assertThat(problem.get("title").asText()).isNotEmpty();
        return problem;
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
