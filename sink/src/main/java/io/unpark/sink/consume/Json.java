package io.unpark.sink.consume;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;

/** Helps to build documents. */
final class Json {
    private Json() {}

    static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    static void unlessEmpty(ObjectNode object, String name, String value) {
        if (!value.isEmpty()) {
            object.put(name, value);
        }
    }

    /** Numbers by name, by name. */
    static ObjectNode numbers(Map<String, Long> values) {
        ObjectNode object = object();
        values.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .forEach(entry -> object.put(entry.getKey(), entry.getValue()));
        return object;
    }

    /** A value of an evidence: a number, a boolean, a text, or a list of texts. */
    static void put(ObjectNode object, String name, Object value) throws BadRecordException {
        if (value instanceof Long number) {
            object.put(name, number);
        } else if (value instanceof Boolean flag) {
            object.put(name, flag);
        } else if (value instanceof CharSequence text) {
            object.put(name, text.toString());
        } else if (value instanceof List<?> items) {
            var list = object.putArray(name);
            items.forEach(item -> list.add(String.valueOf(item)));
        } else {
            throw new BadRecordException("evidence " + name + " is neither number, boolean, text nor list");
        }
    }
}
