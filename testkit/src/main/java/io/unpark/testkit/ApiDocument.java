package io.unpark.testkit;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** An OpenAPI 3.1 document, to hold what is really answered against. */
public final class ApiDocument {
    private static final String NAME = "https://unpark.test/openapi.json";
    private static final List<String> METHODS = List.of("get", "post", "put", "delete", "patch", "head");

    private final JsonNode document;
    private final SchemaRegistry schemas;
    private final Set<String> seen = new TreeSet<>();

    /** @param json the document */
    public ApiDocument(String json) throws IOException {
        document = new ObjectMapper().readTree(json);
        schemas = SchemaRegistry.withDefaultDialect(
                SpecificationVersion.DRAFT_2020_12, builder -> builder.schemas(Map.of(NAME, json)));
    }

    /** Every operation, as {@code GET /api/v1/anomalies/{id}}. */
    public Set<String> operations() {
        Set<String> operations = new TreeSet<>();
        document.path("paths")
                .properties()
                .forEach(path -> METHODS.stream()
                        .filter(method -> path.getValue().has(method))
                        .forEach(method ->
                                operations.add(method.toUpperCase(java.util.Locale.ROOT) + " " + path.getKey())));
        return operations;
    }

    /** Operations of which an answer other than a problem was looked at. */
    public Set<String> seen() {
        return new TreeSet<>(seen);
    }

    /**
     * What is wrong with an answer; empty when the document describes it.
     *
     * @param operation as in {@link #operations}
     */
    public List<String> mistakes(String operation, HttpResponse<String> answer) {
        String type = answer.headers()
                .firstValue("Content-Type")
                .orElse("")
                .split(";")[0]
                .strip();
        return mistakes(operation, answer.statusCode(), type, answer.body());
    }

    /** As the other, of one event or another part of an answer. */
    public List<String> mistakes(String operation, int status, String type, String body) {
        String[] parts = operation.split(" ", 2);
        String response = "/paths/" + escaped(parts[1]) + "/" + parts[0].toLowerCase(java.util.Locale.ROOT)
                + "/responses/" + status;
        response = followed(response);
        if (document.at(response).isMissingNode()) {
            return List.of(operation + " answers " + status + ", which is not described");
        }
        if (status < 400) {
            seen.add(operation);
        }
        String content = response + "/content";
        if (document.at(content).isMissingNode()) {
            return body.isEmpty() ? List.of() : List.of(operation + " " + status + " has a body");
        }
        content += "/" + escaped(type);
        if (document.at(content).isMissingNode()) {
            return List.of(operation + " " + status + " is of type " + type + ", which is not described");
        }
        boolean json = type.endsWith("json") || type.equals("text/event-stream");
        return json && document.at(content).has("schema") ? judged(operation, content + "/schema", body) : List.of();
    }

    private List<String> judged(String operation, String pointer, String body) {
        Schema schema = schemas.getSchema(SchemaLocation.of(NAME + "#" + pointer));
        try {
            return schema.validate(new ObjectMapper().readTree(body)).stream()
                    .map(error -> operation + ": " + error)
                    .toList();
        } catch (IOException e) {
            return List.of(operation + " is not JSON: " + e.getMessage());
        }
    }

    private String followed(String pointer) {
        String ref = document.at(JsonPointer.compile(pointer)).path("$ref").asText("");
        return ref.startsWith("#") ? ref.substring(1) : pointer;
    }

    private static String escaped(String part) {
        return part.replace("~", "~0").replace("/", "~1");
    }
}
