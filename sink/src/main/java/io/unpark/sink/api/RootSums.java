package io.unpark.sink.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What the roots of causal chains explain of a service's requests, summed up over windows of routes: this lock, or this slow
 * service, is in so many of the requests and explains so much of their time, on these routes. The largest first.
 */
final class RootSums {
    private static final int MAX_ROOTS = 20;
    private static final int MAX_ROUTES = 50;

    private static final class Sum {
        final ObjectNode root = Answers.JSON.createObjectNode();
        final TreeSet<String> routes = new TreeSet<>();
        long requests;
        long ns;
    }

    private RootSums() {}

    /** @param routes windows of routes, as {@code windows} answers them */
    static ArrayNode of(JsonNode routes) {
        Map<List<String>, Sum> sums = new TreeMap<>(Comparator.comparing(Object::toString));
        long requests = 0;
        long ns = 0;
        for (JsonNode window : routes) {
            requests += window.path("count").asLong();
            ns += JsonSums.numbers(window.path("split"));
            for (JsonNode root : window.path("roots")) {
                add(
                        sums.computeIfAbsent(key(root), key -> new Sum()),
                        window.path("route").asText(),
                        root);
            }
        }
        List<Sum> largest = new ArrayList<>(sums.values());
        largest.sort(Comparator.comparingLong((Sum sum) -> -sum.ns));
        ArrayNode answer = Answers.JSON.createArrayNode();
        for (Sum sum : largest.subList(0, Math.min(MAX_ROOTS, largest.size()))) {
            answer.add(answer(sum, requests, ns));
        }
        return answer;
    }

    /** Calls to one peer are one root, whichever line makes them. */
    private static List<String> key(JsonNode root) {
        String peer = root.path("peer").asText();
        String where = peer.isEmpty() ? root.path("function").asText() : "";
        return List.of(root.path("kind").asText(), root.path("reason").asText(), peer, where);
    }

    private static void add(Sum sum, String route, JsonNode root) {
        if (sum.root.isEmpty()) {
            for (String name : List.of("kind", "reason", "function", "file", "line", "peer")) {
                if (root.has(name)) {
                    sum.root.set(name, root.get(name));
                }
            }
        }
        sum.routes.add(route);
        sum.requests += root.path("requests").asLong();
        sum.ns += root.path("explained_ns").asLong();
    }

    private static ObjectNode answer(Sum sum, long ofRequests, long ofNs) {
        ObjectNode root = sum.root;
        root.put("requests", sum.requests).put("of_requests", ofRequests);
        root.put("explained_ns", sum.ns).put("of_ns", ofNs);
        root.put("time_permille", ofNs <= 0 ? 0 : Math.min(1_000, Math.round(1_000.0 * sum.ns / ofNs)));
        root.put("route_count", sum.routes.size());
        ArrayNode routes = root.putArray("routes");
        sum.routes.stream().limit(MAX_ROUTES).forEach(routes::add);
        return root;
    }
}
