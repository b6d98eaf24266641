package io.unpark.sink.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.unpark.sink.store.RouteTotals;
import io.unpark.sink.store.ServiceSummary;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** Services and whom they call, with what their calls cost them. A function of what was added, whatever the order. */
final class ServiceGraph {
    static final int NODES_MAX = 100;
    static final int EDGES_MAX = 300;
    private static final int SLOWEST_MAX = 5;

    private final PeerBook peers;
    private final Map<String, ObjectNode> nodes = new TreeMap<>();
    private final Map<String, List<JsonNode>> slowest = new HashMap<>();
    private final Map<List<String>, GraphEdge> edges = new TreeMap<>((a, b) -> {
        int byCaller = a.get(0).compareTo(b.get(0));
        return byCaller != 0 ? byCaller : a.get(1).compareTo(b.get(1));
    });
    private long edgesNotRead;

    ServiceGraph(PeerBook peers) {
        this.peers = peers;
    }

    static String id(String namespace, String service) {
        return namespace.isEmpty() ? service : namespace + "/" + service;
    }

    void add(ServiceSummary service, RouteTotals totals) {
        JsonNode sum = totals.sum();
        String id = id(service.namespace(), service.service());
        long ns = JsonSums.numbers(sum.path("split"));
        ObjectNode node = node(id, service.namespace(), service.service(), true);
        node.put("requests", sum.path("count").asLong()).put("time_ns", ns);
        node.put("p99_ns", sum.path("latency").path("p99_ns").asLong());
        node.put("open_anomalies", service.open());
        List<JsonNode> slow = new ArrayList<>();
        sum.path("slowest").forEach(slow::add);
        slowest.put(id, slow);
        for (JsonNode call : sum.path("edges")) {
            edge(id, service, call).add(call, ns);
        }
        edgesNotRead += Math.max(0, totals.edges() - sum.path("edges").size());
        long explainedNs = 0;
        for (JsonNode root : sum.path("roots")) {
            if (!root.path("peer").asText().isEmpty()) {
                explainedNs += blame(id, root);
            }
        }
        node.put("own_ns", Math.max(0, ns - explainedNs));
    }

    private GraphEdge edge(String id, ServiceSummary service, JsonNode call) {
        PeerBook.Target target = peers.target(
                service.namespace(),
                service.service(),
                call.path("peer").asText(),
                call.path("route").asText());
        boolean known = !target.how().equals("address");
        String to = known ? id(target.namespace(), target.service()) : "address " + target.service();
        node(to, target.namespace(), target.service(), known);
        return edges.computeIfAbsent(List.of(id, to), key -> new GraphEdge(id, to, target.how()));
    }

    /** A root names the address only: with several services behind it, the one that is called most answers for it. */
    private long blame(String id, JsonNode root) {
        String peer = root.path("peer").asText();
        Optional<GraphEdge> most = edges.values().stream()
                .filter(edge -> edge.from.equals(id) && edge.callsTo(peer) > 0)
                .max(Comparator.comparingLong(edge -> edge.callsTo(peer)));
        long ns = root.path("explained_ns").asLong();
        most.ifPresent(edge -> edge.explains(ns));
        return most.isPresent() ? ns : 0;
    }

    private ObjectNode node(String id, String namespace, String service, boolean known) {
        return nodes.computeIfAbsent(
                id,
                key -> Answers.JSON
                        .createObjectNode()
                        .put("id", id)
                        .put("namespace", namespace)
                        .put("service", service)
                        .put("known", known));
    }

    /** The anomaly speaks of one service's calls to another; without such an edge nothing happens. */
    void evidence(String from, String to, String call, String peer, JsonNode anomaly) {
        for (GraphEdge edge : edges.values()) {
            if (edge.from.equals(from) && (to.isEmpty() || edge.to.equals(to)) && edge.has(call, peer)) {
                edge.evidence(anomaly);
            }
        }
    }

    boolean isEmpty() {
        return nodes.values().stream().allMatch(node -> node.path("requests").asLong() == 0);
    }

    /** The largest of it, and what is left out. */
    void write(ObjectNode body) {
        List<GraphEdge> sorted = new ArrayList<>(edges.values());
        sorted.sort(GraphEdge.ORDER);
        Set<String> shown = new HashSet<>();
        List<GraphEdge> kept = new ArrayList<>();
        for (GraphEdge edge : sorted) {
            Set<String> with = new HashSet<>(shown);
            with.add(edge.from);
            with.add(edge.to);
            if (kept.size() < EDGES_MAX && with.size() <= NODES_MAX) {
                kept.add(edge);
                shown.addAll(with);
            }
        }
        nodes.keySet().stream()
                .filter(id -> !shown.contains(id))
                .limit(NODES_MAX - shown.size())
                .toList()
                .forEach(shown::add);
        ArrayNode nodeArray = body.putArray("nodes");
        nodes.forEach((id, node) -> {
            if (shown.contains(id)) {
                nodeArray.add(node);
                first(node.putArray("slowest"), slowest.getOrDefault(id, List.of()));
            }
        });
        ArrayNode edgeArray = body.putArray("edges");
        for (GraphEdge edge : kept) {
            ObjectNode json = edge.json();
            first(json.putArray("slowest"), common(edge.from, edge.to));
            edgeArray.add(json);
        }
        body.putObject("left_out")
                .put("nodes", nodes.size() - shown.size())
                .put("edges", edges.size() - kept.size())
                .put("calls", edgesNotRead);
    }

    /** Requests that are among the slowest of both ends, else those of the callee. */
    private List<JsonNode> common(String from, String to) {
        List<JsonNode> below = slowest.getOrDefault(to, List.of());
        Set<String> above = new HashSet<>();
        slowest.getOrDefault(from, List.of())
                .forEach(slow -> above.add(slow.path("request").asText()));
        List<JsonNode> both = below.stream()
                .filter(slow -> above.contains(slow.path("request").asText()))
                .toList();
        return both.isEmpty() ? below : both;
    }

    private static void first(ArrayNode array, List<JsonNode> requests) {
        requests.stream().limit(SLOWEST_MAX).forEach(array::add);
    }
}
