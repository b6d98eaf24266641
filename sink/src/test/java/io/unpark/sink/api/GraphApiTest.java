package io.unpark.sink.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.unpark.schemas.record.Anomaly;
import io.unpark.schemas.record.Attribution;
import io.unpark.schemas.record.CauseStep;
import io.unpark.schemas.record.Frame;
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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The graph of services, over real HTTP. */
final class GraphApiTest extends SummaryApi {
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
    void theGraphIsTheSameWhenItIsRolledUp() throws Exception {
        // Given
        write(
                List.of(),
                List.of(window("orders", 1), window("gateway", 1)),
                List.of(
                        gateway(new RouteEdge("10.0.0.7:8080", "POST /orders", 10L, 4L)),
                        Samples.routeWindow("orders", 1, "POST /orders").build(),
                        Samples.routeWindow("orders", 2, "GET /orders").build()),
                List.of(call("10.0.0.7:8080")));
        JsonNode before = get("/api/v1/graph");
        // When
        storage.rollUps().run(() -> true);
        // Then
        assertThat(get("/api/v1/graph")).isEqualTo(before);
        // When a service joins whose windows are not rolled up yet
        write(
                List.of(),
                List.of(window("stock", 3)),
                List.of(Samples.routeWindow("stock", 3, "GET /stock").build()),
                List.of());
        // Then
        assertThat(get("/api/v1/graph").findValuesAsText("id")).contains("shop/stock");
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
    void theBudgetOfADeadlineLeadsAlongItsHops() throws Exception {
        // Given a chain whose steps tell no depth: each is below the one before
        Anomaly exceeded = Samples.anomaly("exceeded", "gateway", "deadline_exceeded")
                .setEvidence(Map.of())
                .setCause(List.of(flat("gateway"), flat("orders"), flat("stock")))
                .build();
        write(
                List.of(exceeded),
                List.of(window("orders", 1), window("gateway", 1), window("stock", 1)),
                List.of(
                        gateway(
                                new RouteEdge("orders", "POST /orders", 10L, 4L),
                                new RouteEdge("stock", "GET /stock", 3L, 3L)),
                        Samples.routeWindow("orders", 1, "POST /orders")
                                .setEdges(List.of(new RouteEdge("stock", "GET /stock", 10L, 10L)))
                                .build()),
                List.of());
        // When
        JsonNode graph = get("/api/v1/graph");
        // Then it is evidence of gateway's calls to orders and of orders' calls to stock
        for (JsonNode edge : graph.path("edges")) {
            boolean along = !edge.path("from").asText().equals("shop/gateway")
                    || edge.path("to").asText().equals("shop/orders");
            assertThat(edge.path("anomaly_count").asInt()).as(edge.toString()).isEqualTo(along ? 1 : 0);
        }
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

    private static JsonNode edge(JsonNode graph, String to) {
        for (JsonNode edge : graph.path("edges")) {
            if (edge.path("to").asText().equals(to)) {
                return edge;
            }
        }
        throw new AssertionError("no edge to " + to + " in " + graph);
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
                .setAttribution(Attribution.CERTAIN)
                .setSplit(new TimeSplit());
    }

    private static CauseStep flat(String service) {
        return CauseStep.newBuilder(step(service, 0))
                .setTotalNs(0)
                .setSharePermille(0)
                .build();
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
}
