package io.unpark.embedded;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.unpark.schemas.registry.RegisteredSchema;
import io.unpark.schemas.registry.RegistryException;
import io.unpark.schemas.registry.SchemaCatalog;
import java.util.List;
import org.apache.avro.Schema;

/** The subset of Confluent's REST API, without HTTP: from method, path and body to an answer's JSON. */
final class RegistryRoutes {
    private static final int NOT_FOUND = 404;
    private static final int METHOD_NOT_ALLOWED = 405;
    private static final int INVALID_VERSION = 42202;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final SchemaStore store;

    RegistryRoutes(SchemaStore store) {
        this.store = store;
    }

    /**
     * @param path decoded segments, without empty ones
     * @throws RegistryException what is wrong with the request, by Confluent's codes
     */
    JsonNode answer(String method, List<String> path, String body) {
        String resource = path.isEmpty() ? "" : path.get(0);
        return switch (resource) {
            case "" -> only("GET", method, JSON.createObjectNode());
            case "config" -> only("GET", method, JSON.createObjectNode().put("compatibilityLevel", "BACKWARD"));
            case "schemas" -> only("GET", method, schemas(path));
            case "compatibility" -> compatibility(method, path, body);
            case "subjects" -> subjects(method, path, body);
            default -> throw unknownPath();
        };
    }

    private JsonNode schemas(List<String> path) {
        if (path.size() == 2 && path.get(1).equals("types")) {
            return JSON.createArrayNode().add("AVRO");
        }
        if (path.size() != 3 || !path.get(1).equals("ids")) {
            throw unknownPath();
        }
        Schema schema = store.catalog()
                .schemaOf(number(path.get(2), RegistryException.SCHEMA_NOT_FOUND, "Schema not found"))
                .orElseThrow(() -> new RegistryException(RegistryException.SCHEMA_NOT_FOUND, "Schema not found"));
        return JSON.createObjectNode().put("schema", schema.toString());
    }

    private JsonNode compatibility(String method, List<String> path, String body) {
        if (path.size() != 5 || !path.get(1).equals("subjects") || !path.get(3).equals("versions")) {
            throw unknownPath();
        }
        version(path.get(2), path.get(4));
        boolean compatible = store.catalog().isCompatible(path.get(2), schemaIn(body));
        return only("POST", method, JSON.createObjectNode().put("is_compatible", compatible));
    }

    private JsonNode subjects(String method, List<String> path, String body) {
        boolean isVersions = path.size() >= 3 && path.get(2).equals("versions");
        if (path.size() == 1) {
            return only("GET", method, strings(store.catalog().subjects()));
        } else if (path.size() == 2) {
            return only("POST", method, lookUp(path.get(1), body));
        } else if (path.size() == 3 && isVersions) {
            return method.equals("POST") ? register(path.get(1), body) : only("GET", method, versions(path.get(1)));
        } else if (path.size() == 4 && isVersions) {
            return only("GET", method, json(version(path.get(1), path.get(3))));
        }
        throw unknownPath();
    }

    private JsonNode register(String subject, String body) {
        return JSON.createObjectNode()
                .put("id", store.register(subject, schemaIn(body)).id());
    }

    private JsonNode lookUp(String subject, String body) {
        known(subject);
        return json(store.catalog()
                .find(subject, schemaIn(body))
                .orElseThrow(() -> new RegistryException(RegistryException.SCHEMA_NOT_FOUND, "Schema not found")));
    }

    private JsonNode versions(String subject) {
        ArrayNode numbers = JSON.createArrayNode();
        known(subject).forEach(version -> numbers.add(version.version()));
        return numbers;
    }

    private RegisteredSchema version(String subject, String wanted) {
        List<RegisteredSchema> versions = known(subject);
        if (wanted.equals("latest") || wanted.equals("-1")) {
            return versions.get(versions.size() - 1);
        }
        int number = number(wanted, INVALID_VERSION, "The specified version is not a valid version id");
        return versions.stream()
                .filter(version -> version.version() == number)
                .findFirst()
                .orElseThrow(() -> new RegistryException(RegistryException.VERSION_NOT_FOUND, "Version not found"));
    }

    private List<RegisteredSchema> known(String subject) {
        List<RegisteredSchema> versions = store.catalog().versions(subject);
        if (versions.isEmpty()) {
            throw new RegistryException(RegistryException.SUBJECT_NOT_FOUND, "Subject not found");
        }
        return versions;
    }

    private static Schema schemaIn(String body) {
        JsonNode request;
        try {
            request = JSON.readTree(body);
        } catch (JsonProcessingException e) {
            throw new RegistryException(400, "request is not JSON");
        }
        boolean isAvro = request.path("schemaType").asText("AVRO").equals("AVRO")
                && request.path("references").isEmpty();
        if (!isAvro || !request.path("schema").isTextual()) {
            throw new RegistryException(
                    RegistryException.INVALID_SCHEMA, "request needs a schema: a text, self-contained Avro");
        }
        return SchemaCatalog.parse(request.get("schema").asText());
    }

    private static ObjectNode json(RegisteredSchema version) {
        return JSON.createObjectNode()
                .put("subject", version.subject())
                .put("version", version.version())
                .put("id", version.id())
                .put("schema", version.schema().toString());
    }

    private static ArrayNode strings(List<String> texts) {
        ArrayNode array = JSON.createArrayNode();
        texts.forEach(array::add);
        return array;
    }

    private static int number(String text, int errorCode, String message) {
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw new RegistryException(errorCode, message);
        }
    }

    private static JsonNode only(String allowed, String method, JsonNode answer) {
        if (!allowed.equals(method)) {
            throw new RegistryException(METHOD_NOT_ALLOWED, "HTTP 405 Method Not Allowed");
        }
        return answer;
    }

    private static RegistryException unknownPath() {
        return new RegistryException(NOT_FOUND, "HTTP 404 Not Found");
    }
}
