package io.unpark.app.remote;

import com.fasterxml.jackson.databind.JsonNode;
import io.unpark.app.console.UserError;
import io.unpark.app.remote.ApiCalls.Answer;
import io.unpark.app.remote.ApiCalls.UnavailableException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** {@code /api/v1/anomalies} and {@code /api/v1/events} of a sink. */
public final class AnomalyApi {
    private static final int PAGE = 500;

    private final ApiCalls calls;

    /**
     * @param server as {@code http://host:8080}, with or without a path below which the API is
     * @param token sent as a bearer, "" for none
     */
    public AnomalyApi(URI server, String token) {
        this.calls = new ApiCalls(server, token);
    }

    /**
     * The anomalies of a filter, the latest to appear first.
     *
     * @param filter parameters of the API; empty values are left out
     * @param limit at most so many
     * @throws UserError when the server does not answer, or refuses: in its own words
     */
    public List<JsonNode> list(Map<String, String> filter, int limit) {
        try {
            return pages(filter, limit);
        } catch (UnavailableException e) {
            throw UserError.environment(e.getMessage());
        } catch (IOException e) {
            throw calls.away(e);
        }
    }

    /** As {@link #list}, for those who ask again when the server does not answer. */
    List<JsonNode> pages(Map<String, String> filter, int limit) throws IOException {
        Map<String, String> parameters = new TreeMap<>(filter);
        parameters.values().removeIf(String::isEmpty);
        List<JsonNode> found = new ArrayList<>();
        do {
            parameters.put("limit", Integer.toString(Math.min(PAGE, limit - found.size())));
            Answer page = calls.get("/api/v1/anomalies", parameters);
            if (page.status() != 200 || !page.body().path("items").isArray()) {
                throw calls.refusal(page);
            }
            page.body().path("items").forEach(found::add);
            parameters.put("cursor", page.body().path("next").asText(""));
            if (!page.body().path("next").isTextual()) {
                break;
            }
        } while (found.size() < limit);
        return found;
    }

    /** An anomaly, if it is still there. */
    Optional<JsonNode> one(String id) throws IOException {
        Answer answer = calls.get("/api/v1/anomalies/" + URLEncoder.encode(id, StandardCharsets.UTF_8), Map.of());
        if (answer.status() == 404) {
            return Optional.empty();
        }
        if (answer.status() != 200) {
            throw calls.refusal(answer);
        }
        return Optional.of(answer.body());
    }

    /**
     * What changes from now on.
     *
     * @param last the last event that is known, "" for none; what came after it is told first
     * @return empty when the server has none to tell just now, or something before it takes them away
     * @throws UserError when the server wants to know who asks
     */
    Optional<EventReader> events(String last) throws IOException {
        HttpResponse<InputStream> response =
                calls.open("/api/v1/events", Map.of(), last.isEmpty() ? Map.of() : Map.of("Last-Event-ID", last));
        if (response.statusCode() == 200
                && response.headers().firstValue("Content-Type").orElse("").startsWith("text/event-stream")) {
            return Optional.of(new EventReader(response.body()));
        }
        response.body().close();
        if (ApiCalls.isUnknown(response.statusCode())) {
            throw calls.unknown(response.statusCode());
        }
        return Optional.empty();
    }
}
