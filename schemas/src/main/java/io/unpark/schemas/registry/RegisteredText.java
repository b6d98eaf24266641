package io.unpark.schemas.registry;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import org.apache.avro.Schema;

/**
 * A schema's text as it is registered: without the properties that Avro's code generator adds for Java, so that a Go or Python
 * producer that registers the same {@code .avsc} gets the same id.
 */
final class RegisteredText {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String JAVA_STRING = "avro.java.string";

    private RegisteredText() {}

    static String of(Schema schema) {
        try {
            return new Schema.Parser()
                    .parse(withoutJava(JSON.readTree(schema.toString())).toString())
                    .toString();
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("Avro printed a schema that is not JSON", e);
        }
    }

    private static JsonNode withoutJava(JsonNode node) {
        if (node instanceof ArrayNode array) {
            ArrayNode copy = JSON.createArrayNode();
            array.forEach(item -> copy.add(withoutJava(item)));
            return copy;
        }
        if (!(node instanceof ObjectNode object)) {
            return node;
        }
        ObjectNode copy = JSON.createObjectNode();
        for (Map.Entry<String, JsonNode> entry : object.properties()) {
            if (!entry.getKey().equals(JAVA_STRING)) {
                copy.set(entry.getKey(), withoutJava(entry.getValue()));
            }
        }
        boolean isBareType = copy.size() == 1 && object.has(JAVA_STRING) && copy.has("type");
        return isBareType ? copy.get("type") : copy;
    }
}
