package io.unpark.app.remote;

import com.fasterxml.jackson.databind.JsonNode;
import io.unpark.sink.api.TimeText;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * A filter of the API on this side, for what comes as an event. The server has looked at its values before.
 *
 * @param filter parameters of {@code /api/v1/anomalies}; an empty value does not restrict
 */
record Wanted(Map<String, String> filter, Clock clock) {
    /** Whether an anomaly, or an event of one, is of the filter; what an event does not tell does not exclude it. */
    boolean has(JsonNode anomaly) {
        boolean named = List.of("kind", "service", "namespace", "severity", "state").stream()
                .allMatch(name -> isLike(given(name), anomaly.path(name).asText()));
        boolean sure = given("all").equals("true")
                || !anomaly.path("confidence").asText().equals("possible");
        return named && sure && isSeenSince(anomaly.path("last_seen").asText());
    }

    private String given(String name) {
        return filter.getOrDefault(name, "");
    }

    private static boolean isLike(String wanted, String found) {
        return wanted.isEmpty() || wanted.equalsIgnoreCase(found);
    }

    private boolean isSeenSince(String lastSeen) {
        if (given("since").isEmpty() || lastSeen.isEmpty()) {
            return true;
        }
        try {
            return !Instant.parse(lastSeen).isBefore(TimeText.parse(given("since"), clock));
        } catch (DateTimeException e) {
            return true;
        }
    }
}
