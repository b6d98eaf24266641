package io.unpark.app.remote;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A filter of the API on this side, for what comes as an event. The server has looked at its values before.
 *
 * @param filter parameters of {@code /api/v1/anomalies}; an empty value does not restrict
 */
record Wanted(Map<String, String> filter, Clock clock) {
    private static final Pattern AGE = Pattern.compile("([0-9]{1,6})([smhd])");
    private static final Map<String, Long> SECONDS = Map.of("s", 1L, "m", 60L, "h", 3_600L, "d", 86_400L);

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
            return !Instant.parse(lastSeen).isBefore(since(given("since")));
        } catch (DateTimeException e) {
            return true;
        }
    }

    private Instant since(String text) {
        Matcher age = AGE.matcher(text);
        return age.matches()
                ? clock.instant().minus(Duration.ofSeconds(Long.parseLong(age.group(1)) * SECONDS.get(age.group(2))))
                : Instant.parse(text);
    }
}
