package io.unpark.sink.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** All calls of one service to another. */
final class GraphEdge {
    private static final int ROUTES_MAX = 20;
    private static final int ANOMALIES_MAX = 10;
    private static final List<String> LOST = List.of("deadline_not_propagated", "deadline_extended");

    /** What matters most first, then by name. */
    static final Comparator<GraphEdge> ORDER = Comparator.comparingLong((GraphEdge edge) -> -edge.lost)
            .thenComparingLong(edge -> -edge.explainedNs)
            .thenComparingLong(edge -> -edge.calls)
            .thenComparing(edge -> edge.from)
            .thenComparing(edge -> edge.to);

    final String from;
    final String to;
    final String how;
    private final List<JsonNode> routes = new ArrayList<>();
    private final Map<String, JsonNode> anomalies = new LinkedHashMap<>();
    private long calls;
    private long withDeadline;
    private long explainedNs;
    private long ofNs;
    private long lost;

    GraphEdge(String from, String to, String how) {
        this.from = from;
        this.to = to;
        this.how = how;
    }

    void add(JsonNode edge, long callerNs) {
        calls += edge.path("count").asLong();
        withDeadline += edge.path("with_deadline").asLong();
        ofNs = callerNs;
        routes.add(edge);
    }

    long callsTo(String peer) {
        return routes.stream()
                .filter(edge -> edge.path("peer").asText().equals(peer))
                .mapToLong(edge -> edge.path("count").asLong())
                .sum();
    }

    void explains(long ns) {
        explainedNs += ns;
    }

    /** Whether a call of the evidence is one of these; one that is not told is. */
    boolean has(String call, String peer) {
        return call.isEmpty()
                || routes.stream().anyMatch(edge -> {
                    String route = edge.path("route").asText();
                    String to = edge.path("peer").asText();
                    return call.equals(route + " to " + to) || (call.equals(route) && peer.equals(to));
                });
    }

    void evidence(JsonNode anomaly) {
        if (anomalies.putIfAbsent(anomaly.path("id").asText(), anomaly) == null
                && LOST.contains(anomaly.path("kind").asText())) {
            lost += anomaly.path("count").asLong();
        }
    }

    ObjectNode json() {
        ObjectNode json = Answers.JSON.createObjectNode();
        json.put("from", from).put("to", to).put("resolved_by", how);
        json.put("calls", calls).put("with_deadline", withDeadline).put("lost_deadlines", lost);
        json.put("explained_ns", explainedNs).put("of_ns", ofNs);
        json.put("blame_permille", ofNs <= 0 ? 0 : Math.min(1_000, Math.round(1_000.0 * explainedNs / ofNs)));
        ArrayNode byRoute = json.putArray("routes");
        routes.stream()
                .sorted(Comparator.comparingLong(edge -> -edge.path("count").asLong()))
                .limit(ROUTES_MAX)
                .forEach(byRoute::add);
        json.put("route_count", routes.size());
        ArrayNode shown = json.putArray("anomalies");
        anomalies.values().stream().limit(ANOMALIES_MAX).forEach(shown::add);
        json.put("anomaly_count", anomalies.size());
        return json;
    }
}
