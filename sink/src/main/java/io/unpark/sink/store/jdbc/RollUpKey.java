package io.unpark.sink.store.jdbc;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.unpark.analysis.json.UtcTime;
import io.unpark.sink.store.WindowStep;
import java.util.Comparator;

/** Whose windows become one; an empty text stands for what is not told apart. */
record RollUpKey(String instance, String version, String route) implements Comparable<RollUpKey> {
    /** All windows of a service. */
    static final RollUpKey ALL = new RollUpKey("", "", "");

    private static final Comparator<RollUpKey> ORDER = Comparator.comparing(RollUpKey::instance)
            .thenComparing(RollUpKey::version)
            .thenComparing(RollUpKey::route);

    /** Minutes keep instances apart, hours don't; versions stay apart, so that two of them can be compared. */
    static RollUpKey of(JsonNode window, WindowStep into) {
        return new RollUpKey(
                into == WindowStep.MINUTE ? window.path("instance").asText() : "",
                window.path("version").asText(),
                window.path("route").asText());
    }

    /** What a document begins with. */
    ObjectNode head(RollUpSpan span) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("namespace", span.namespace()).put("service", span.service());
        putUnlessEmpty(json, "instance", instance);
        putUnlessEmpty(json, "version", version);
        putUnlessEmpty(json, "route", route);
        json.put("step", span.step().text());
        return json.put("start", UtcTime.text(span.startNs())).put("end", UtcTime.text(span.endNs()));
    }

    private static void putUnlessEmpty(ObjectNode json, String name, String value) {
        if (!value.isEmpty()) {
            json.put(name, value);
        }
    }

    @Override
    public int compareTo(RollUpKey other) {
        return ORDER.compare(this, other);
    }
}
