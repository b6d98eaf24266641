package io.unpark.app;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Anomalies as JSON, read for comparison. */
final class Documents {
    private static final ObjectMapper JSON = new ObjectMapper();
    /** Where it came from, and what is derived: no part of the equality between runs. */
    private static final List<String> NOT_COMPARED = List.of("input", "namespace", "state");

    private Documents() {}

    static Map<String, JsonNode> byId(List<String> documents) {
        Map<String, JsonNode> byId = new TreeMap<>();
        for (String document : documents) {
            JsonNode anomaly = parse(document);
            byId.put(anomaly.path("id").asText(), anomaly);
        }
        return byId;
    }

    static JsonNode parse(String document) {
        try {
            return JSON.readTree(document);
        } catch (JsonProcessingException e) {
            throw new AssertionError("no JSON: " + document, e);
        }
    }

    /** One text a document, easy to read where two differ. */
    static Map<String, String> comparable(Map<String, JsonNode> documents) {
        Map<String, String> texts = new TreeMap<>();
        documents.forEach((id, document) -> {
            ObjectNode copy = document.deepCopy();
            copy.remove(NOT_COMPARED);
            texts.put(id, copy.toPrettyString());
        });
        return texts;
    }

    static List<String> instances(JsonNode anomaly) {
        List<String> names = new ArrayList<>();
        anomaly.path("evidence").path("instance_names").forEach(name -> names.add(name.asText()));
        return names;
    }

    static List<String> places(Map<String, JsonNode> documents) {
        return documents.values().stream()
                .map(it -> it.path("kind").asText() + " " + it.path("service").asText() + " "
                        + it.path("site").asText() + " " + it.path("file").asText() + ":"
                        + it.path("line").asInt())
                .sorted()
                .toList();
    }
}
