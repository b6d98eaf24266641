package io.unpark.sink.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.unpark.sink.store.StoredAnomaly;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** Which calls between services an anomaly speaks of. */
final class EdgeEvidence {
    /** Kinds that tell of calls: by the deadline that a call lost, or by a chain that leads to another service. */
    static final List<String> KINDS = List.of(
            "deadline_not_propagated", "deadline_extended", "deadline_exceeded", "slow_request", "blocked_too_long");

    private EdgeEvidence() {}

    static void add(ServiceGraph graph, StoredAnomaly stored) {
        ObjectNode anomaly = Answers.parse(stored.document());
        String namespace = anomaly.path("namespace").asText();
        String own = ServiceGraph.id(namespace, anomaly.path("service").asText());
        ObjectNode brief = brief(anomaly, stored);
        JsonNode evidence = anomaly.path("evidence");
        String call = evidence.path("call").asText();
        if (evidence.has("caller_service")) {
            // What is said of the callee: a service of the same namespace called it.
            String caller =
                    ServiceGraph.id(namespace, evidence.path("caller_service").asText());
            graph.evidence(caller, own, call, "", brief);
        } else if (!call.isEmpty()) {
            graph.evidence(own, "", call, evidence.path("peer").asText(), brief);
        }
        if (evidence.has("caller_service")) {
            // Its steps lead from the callee to the caller: no chain of calls.
            return;
        }
        for (List<String> hop : crossings(anomaly.path("cause"))) {
            graph.evidence(
                    ServiceGraph.id(namespace, hop.get(0)), ServiceGraph.id(namespace, hop.get(1)), "", "", brief);
        }
    }

    /** Where the chain goes from one service to another. Steps without a depth stand each below the one before. */
    private static List<List<String>> crossings(JsonNode cause) {
        List<List<String>> crossings = new ArrayList<>();
        Deque<JsonNode> above = new ArrayDeque<>();
        for (JsonNode step : cause) {
            while (step.has("depth") && !above.isEmpty() && depth(above.peek()) >= depth(step)) {
                above.pop();
            }
            if (!above.isEmpty() && !above.peek().path("service").equals(step.path("service"))) {
                crossings.add(List.of(
                        above.peek().path("service").asText(),
                        step.path("service").asText()));
            }
            above.push(step);
        }
        return crossings;
    }

    private static int depth(JsonNode step) {
        return step.path("depth").asInt();
    }

    static ObjectNode brief(ObjectNode anomaly, StoredAnomaly stored) {
        ObjectNode brief = Answers.JSON.createObjectNode();
        for (String name :
                List.of("id", "kind", "service", "severity", "count", "summary", "first_seen", "last_seen")) {
            if (anomaly.has(name)) {
                brief.set(name, anomaly.get(name));
            }
        }
        return brief.put("state", stored.state().name());
    }
}
