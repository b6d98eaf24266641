package io.unpark.app.remote;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What is new or different since the last look. */
public final class Changes {
    /** One that is forgotten is told again when it changes, also if it changed to what it was. */
    private static final int KNOWN_MAX = 20_000;

    private final Map<String, JsonNode> known = new LinkedHashMap<>();

    /**
     * Takes a look.
     *
     * @param anomalies the latest to appear first
     * @return those that were not there or had another word then, the oldest first; all of them at the first look
     */
    public List<JsonNode> since(List<JsonNode> anomalies) {
        List<JsonNode> changed = new ArrayList<>();
        Map<String, JsonNode> now = new HashMap<>();
        for (JsonNode anomaly : anomalies) {
            String id = anomaly.path("id").asText();
            if (!anomaly.equals(known.get(id))) {
                changed.add(anomaly);
            }
            now.put(id, anomaly);
        }
        known.clear();
        known.putAll(now);
        Collections.reverse(changed);
        return changed;
    }

    /** Whether one was not there or had another word; from now on it is known. */
    boolean isNews(JsonNode anomaly) {
        String id = anomaly.path("id").asText();
        JsonNode before = known.remove(id);
        known.put(id, anomaly);
        if (known.size() > KNOWN_MAX) {
            known.remove(known.keySet().iterator().next());
        }
        return !anomaly.equals(before);
    }
}
