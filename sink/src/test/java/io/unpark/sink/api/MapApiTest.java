package io.unpark.sink.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.javalin.Javalin;
import io.unpark.schemas.record.Anomaly;
import io.unpark.schemas.record.CauseStep;
import io.unpark.schemas.record.Frame;
import io.unpark.schemas.record.Instance;
import io.unpark.schemas.record.OutgoingCall;
import io.unpark.schemas.record.RequestSegment;
import io.unpark.schemas.record.RequestTrace;
import io.unpark.schemas.record.RouteEdge;
import io.unpark.schemas.record.RouteRoot;
import io.unpark.schemas.record.RouteWindow;
import io.unpark.schemas.record.RuntimeWindow;
import io.unpark.schemas.record.SlowRequest;
import io.unpark.schemas.record.TimeSplit;
import io.unpark.sink.Samples;
import io.unpark.sink.consume.TestRows;
import io.unpark.sink.consume.TestStatus;
import io.unpark.sink.store.JdbcStorage;
import io.unpark.sink.store.StateRule;
import io.unpark.sink.store.StorageConfig;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The graph of services, two versions side by side and the overview, over real HTTP. */
class MapApiTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-11-23T02:00:00Z"), ZoneOffset.UTC);
    private static final long MS = 1_000_000;
    private static final long START_NS = Samples.START_NS;

    private final HttpClient http = HttpClient.newHttpClient();
    private JdbcStorage storage;
    private Javalin server;

    @BeforeEach
    void start() {
        storage = new JdbcStorage(StorageConfig.inMemory("map-api"));
        storage.start();
        SinkRoutes routes = new SinkRoutes(
                storage,
                TestStatus.afterTwoRecords(CLOCK),
                () -> new StateRule(CLOCK.millis(), 86_400_000),
                List::of,
                Map::of,
                CLOCK);
        server = Javalin.create(config -> {
                    config.startup.showJavalinBanner = false;
                    routes.register(config);
                })
                .start("127.0.0.1", 0);
    }

    @AfterEach
    void stop() {
        server.stop();
        storage.close();
    }

    @Test
    void theGraphJoinsCallsToTheServicesBehindTheirAddresses() throws Exception {
        // Given: one address is known of a request, one by its name, one not at all
        write(
                List.of(),
                List.of(window("orders", 1), window("gateway", 1), window("stock", 1)),
                List.of(
                        gateway(
                                new RouteEdge("10.0.0.7:8080", "POST /orders", 10L, 4L),
                                new RouteEdge("stock.shop.svc:80", "GET /stock", 5L, 5L),
                                new RouteEdge("10.0.0.9:443", "GET /rates", 2L, 0L)),
                        Samples.routeWindow("orders", 1, "POST /orders")
                                .setEdges(List.of())
                                .build()),
                List.of(call("10.0.0.7:8080")));
        // When
        JsonNode graph = get("/api/v1/graph");
        // Then
        assertThat(graph.findValuesAsText("id"))
                .containsExactlyInAnyOrder("shop/gateway", "shop/orders", "shop/stock", "address 10.0.0.9:443");
        assertThat(edge(graph, "shop/orders").path("resolved_by").asText()).isEqualTo("request");
        assertThat(edge(graph, "shop/orders").path("calls").asInt()).isEqualTo(10);
        assertThat(edge(graph, "shop/orders").path("with_deadline").asInt()).isEqualTo(4);
        assertThat(edge(graph, "shop/stock").path("resolved_by").asText()).isEqualTo("name");
        assertThat(edge(graph, "address 10.0.0.9:443").path("resolved_by").asText())
                .isEqualTo("address");
        assertThat(graph.path("left_out").toString()).isEqualTo("{\"nodes\":0,\"edges\":0,\"calls\":0,\"services\":0}");
    }

    @Test
    void anEdgeHasItsEvidence() throws Exception {
        // Given a deadline that orders lost, and a slow request whose chain leads there
        Anomaly lost = Samples.anomaly("lost", "orders", "deadline_not_propagated")
                .setEvidence(Map.of("caller_service", "gateway", "call", "POST /orders to 10.0.0.7:8080"))
                .setCause(List.of())
                .build();
        Anomaly slow = Samples.anomaly("slow", "gateway", "slow_request")
                .setEvidence(Map.of())
                .setCause(List.of(step("gateway", 0), step("orders", 1)))
                .build();
        write(
                List.of(
                        lost,
                        slow,
                        Samples.anomaly("other", "orders", "data_race").build()),
                List.of(window("orders", 1), window("gateway", 1)),
                List.of(
                        gateway(new RouteEdge("10.0.0.7:8080", "POST /orders", 10L, 4L)),
                        Samples.routeWindow("orders", 1, "POST /orders")
                                .setSlowest(List.of(new SlowRequest("slow-request", 300 * MS)))
                                .setEdges(List.of())
                                .build()),
                List.of(call("10.0.0.7:8080")));
        // When
        JsonNode edge = edge(get("/api/v1/graph"), "shop/orders");
        // Then
        assertThat(edge.path("anomalies").findValuesAsText("id")).containsExactlyInAnyOrder("lost", "slow");
        assertThat(edge.path("lost_deadlines").asInt()).isEqualTo(17);
        assertThat(edge.path("blame_permille").asInt()).isEqualTo(800);
        assertThat(edge.path("slowest").findValuesAsText("request")).containsExactly("slow-request");
    }

    @Test
    void theGraphIsBoundedAndSaysWhatIsLeftOut() throws Exception {
        // Given
        List<RouteWindow> routes = new ArrayList<>();
        List<RuntimeWindow> windows = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            windows.add(window("s" + i, 1));
            List<RouteEdge> edges = new ArrayList<>();
            for (int peer = 0; peer < 10; peer++) {
                edges.add(new RouteEdge("10.0." + i + "." + peer + ":80", "GET /", 1L + i, 0L));
            }
            routes.add(Samples.routeWindow("s" + i, 1, "GET /").setEdges(edges).build());
        }
        write(List.of(), windows, routes, List.of());
        // When
        JsonNode graph = get("/api/v1/graph");
        // Then
        assertThat(graph.path("nodes")).hasSize(ServiceGraph.NODES_MAX);
        assertThat(graph.path("left_out").path("nodes").asInt()).isEqualTo(440 - ServiceGraph.NODES_MAX);
        assertThat(graph.path("edges").size()
                        + graph.path("left_out").path("edges").asInt())
                .isEqualTo(400);
        assertThat(graph).isEqualTo(get("/api/v1/graph"));
    }

    @Test
    void comparesTheLastTwoVersions() throws Exception {
        // Given: v2 leads to answers eight times as fast, one anomaly is gone, one is new, one stays
        write(
                List.of(
                        seen("gone", 0, 100, "orders-v1"),
                        seen("stays", 0, 4_000, "orders-v1", "orders-v2"),
                        seen("new", 3_660, 4_000, "orders-v2")),
                List.of(versioned("v1", 60), versioned("v2", 3_660)),
                List.of(versioned("v1", 60, 25), versioned("v2", 3_660, 22)),
                List.of());
        // When
        JsonNode answer = get("/api/v1/services/orders/compare");
        // Then
        assertThat(answer.path("a").path("version").asText()).isEqualTo("v1");
        assertThat(answer.path("b").path("version").asText()).isEqualTo("v2");
        JsonNode route = answer.path("routes").path(0);
        assertThat(route.path("a").path("p99_ns").asLong()).isEqualTo(1L << 26);
        assertThat(route.path("b").path("p99_ns").asLong()).isEqualTo(1L << 23);
        assertThat(route.path("b").path("mean_ns").asLong()).isEqualTo(210 / 120);
        assertThat(answer.path("anomalies").path("gone").findValuesAsText("id")).containsExactly("gone");
        assertThat(answer.path("anomalies").path("new").findValuesAsText("id")).containsExactly("new");
        assertThat(answer.path("anomalies").path("both").findValuesAsText("id")).containsExactly("stays");
        assertThat(answer.path("overlap").asBoolean()).isFalse();
    }

    @Test
    void comparesTwoTimes() throws Exception {
        // Given
        write(
                List.of(seen("gone", 0, 100, "orders-v1")),
                List.of(versioned("v1", 60), versioned("v1", 3_660)),
                List.of(versioned("v1", 60, 25), versioned("v1", 3_660, 22)),
                List.of());
        storage.rollUps().run(() -> true);
        // When
        JsonNode answer = get("/api/v1/services/orders/compare?namespace=shop"
                + "&a=2026-11-23T00:00:00Z/2026-11-23T01:00:00Z&b=1h/0s");
        // Then
        assertThat(answer.path("a").path("runtime").path("windows").asInt()).isEqualTo(1);
        assertThat(answer.path("a").path("step").asText()).isEqualTo("1m");
        assertThat(answer.path("routes").path(0).path("b").path("p99_ns").asLong())
                .isEqualTo(1L << 23);
        assertThat(answer.path("anomalies").path("gone").findValuesAsText("id")).containsExactly("gone");
    }

    @Test
    void theOverviewCountsAndNamesWhatIsNewAndWhatGrows() throws Exception {
        // Given
        long dayNs = 86_400 * Samples.SECOND_NS;
        write(
                List.of(Samples.anomaly("grows", "orders", "goroutine_leak")
                        .setFirstSeenNs(START_NS - 2 * dayNs)
                        .setLastSeenNs(START_NS - dayNs / 2)
                        .setCount(5)
                        .build()),
                List.of(window("orders", 1)),
                List.of(),
                List.of());
        write(
                List.of(
                        Samples.anomaly("grows", "orders", "goroutine_leak")
                                .setFirstSeenNs(START_NS - 2 * dayNs)
                                .setCount(50)
                                .build(),
                        Samples.anomaly("new", "orders", "data_race").build()),
                List.of(),
                List.of(),
                List.of());
        // When
        JsonNode overview = get("/api/v1/overview");
        // Then
        assertThat(overview.path("open").toString()).isEqualTo("{\"critical\":0,\"warning\":2,\"info\":0}");
        assertThat(overview.path("newest").findValuesAsText("id")).containsExactly("new", "grows");
        assertThat(overview.path("growing").findValuesAsText("id")).containsExactly("grows");
        assertThat(overview.path("growing").path(0).path("before").asInt()).isEqualTo(5);
        assertThat(overview.path("growing").path(0).path("counts")).hasSize(2);
        assertThat(overview.path("opened")).hasSize(48);
        assertThat(overview.path("opened").path(47).path("warning").asInt()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/api/v1/graph?since=2026-11-23T00:00:00Z&until=2026-11-22T00:00:00Z",
                "/api/v1/graph?depth=3",
                "/api/v1/overview?all=true",
                "/api/v1/services/orders/compare?a=v9",
                "/api/v1/services/orders/compare?a=0s/1h"
            })
    void aWrongParameterIsNamed(String path) throws Exception {
        write(List.of(), List.of(window("orders", 1)), List.of(), List.of());

        HttpResponse<String> response = ask(path);

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(JSON.readTree(response.body()).path("parameter").asText()).isNotEmpty();
    }

    private static JsonNode edge(JsonNode graph, String to) {
        for (JsonNode edge : graph.path("edges")) {
            if (edge.path("to").asText().equals(to)) {
                return edge;
            }
        }
        throw new AssertionError("no edge to " + to + " in " + graph);
    }

    private static RuntimeWindow window(String service, long second) {
        return Samples.runtimeWindow(service, second).build();
    }

    /** 120 requests of 1 ms together, of which calls to the first peer explain 0.8 ms. */
    private static RouteWindow gateway(RouteEdge... edges) {
        return Samples.routeWindow("gateway", 1, "GET /checkout")
                .setSplit(new TimeSplit(MS, 0L, 0L, 0L, 0L, Map.of()))
                .setEdges(List.of(edges))
                .setRoots(List.of(RouteRoot.newBuilder()
                        .setKind("waiting")
                        .setReason("network")
                        .setPlace(new Frame("main.call", "main.go", 7))
                        .setRequests(100)
                        .setExplainedNs(800_000)
                        .setPeer("10.0.0.7:8080")
                        .build()))
                .build();
    }

    /** The gateway calls orders at this address. */
    private static RequestTrace call(String peer) {
        RequestSegment gateway = segment("gateway")
                .setCalls(List.of(OutgoingCall.newBuilder()
                        .setTraceId("t")
                        .setSpanId("span-1")
                        .setPeer(peer)
                        .setRoute("POST /orders")
                        .setStartNs(START_NS)
                        .build()))
                .build();
        return RequestTrace.newBuilder(Samples.request("r"))
                .setSegments(List.of(
                        gateway, segment("orders").setParentSpanId("span-1").build()))
                .build();
    }

    private static RequestSegment.Builder segment(String service) {
        return RequestSegment.newBuilder()
                .setRequestId("r")
                .setSegmentId(service)
                .setRevision(1)
                .setInstance(Samples.instance(service))
                .setGoroutine(1)
                .setStartNs(START_NS)
                .setEndNs(START_NS + MS)
                .setAttribution(io.unpark.schemas.record.Attribution.CERTAIN)
                .setSplit(new TimeSplit());
    }

    private static CauseStep step(String service, int depth) {
        return CauseStep.newBuilder()
                .setService(service)
                .setRoute("")
                .setWhat("waited")
                .setDurationNs(1)
                .setDepth(depth)
                .setTotalNs(1)
                .setSharePermille(1)
                .build();
    }

    private static Anomaly seen(String id, long firstS, long lastS, String... instances) {
        return Samples.anomaly(id, "orders", "goroutine_leak")
                .setInstance(new Instance("shop", "orders", instances[0], "v1"))
                .setFirstSeenNs(START_NS + firstS * Samples.SECOND_NS)
                .setLastSeenNs(START_NS + lastS * Samples.SECOND_NS)
                .setEvidence(Map.of("instance_names", List.of(instances)))
                .build();
    }

    private static RuntimeWindow versioned(String version, long second) {
        return Samples.runtimeWindow("orders", second)
                .setInstance(new Instance("shop", "orders", "orders-" + version, version))
                .build();
    }

    private static RouteWindow versioned(String version, long second, int bucket) {
        return Samples.routeWindow("orders", second, "POST /orders")
                .setInstance(new Instance("shop", "orders", "orders-" + version, version))
                .setLatency(Samples.histogram(bucket, 120))
                .build();
    }

    private void write(
            List<Anomaly> anomalies, List<RuntimeWindow> windows, List<RouteWindow> routes, List<RequestTrace> requests)
            throws Exception {
        storage.anomalyStore().write(TestRows.of(anomalies, windows, routes, requests, CLOCK.millis()));
    }

    private JsonNode get(String path) throws Exception {
        HttpResponse<String> response = ask(path);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return JSON.readTree(response.body());
    }

    private HttpResponse<String> ask(String path) throws Exception {
        URI uri = URI.create("http://127.0.0.1:" + server.port() + path);
        return http.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
    }
}
