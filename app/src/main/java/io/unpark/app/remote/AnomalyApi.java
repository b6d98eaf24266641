package io.unpark.app.remote;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.unpark.app.console.UserError;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** {@code GET /api/v1/anomalies} of a sink. */
public final class AnomalyApi {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final int PAGE = 500;
    /** A page of 500 of the largest anomalies. */
    private static final int MAX_ANSWER_BYTES = 256 << 20;

    private final HttpClient client = HttpClient.newBuilder()
            .connectTimeout(TIMEOUT)
            .followRedirects(HttpClient.Redirect.NORMAL)
            .build();
    private final URI server;
    private final String token;

    /**
     * @param server as {@code http://host:8080}, with or without a path below which the API is
     * @param token sent as a bearer, "" for none
     */
    public AnomalyApi(URI server, String token) {
        this.server = server;
        this.token = token;
    }

    /**
     * The anomalies of a filter, the latest to appear first.
     *
     * @param filter parameters of the API; empty values are left out
     * @param limit at most so many
     * @throws UserError when the server does not answer, or refuses: in its own words
     */
    public List<JsonNode> list(Map<String, String> filter, int limit) {
        Map<String, String> parameters = new TreeMap<>(filter);
        parameters.values().removeIf(String::isEmpty);
        List<JsonNode> found = new ArrayList<>();
        do {
            parameters.put("limit", Integer.toString(Math.min(PAGE, limit - found.size())));
            JsonNode page = get("/api/v1/anomalies", parameters);
            page.path("items").forEach(found::add);
            parameters.put("cursor", page.path("next").asText(""));
            if (!page.path("next").isTextual()) {
                break;
            }
        } while (found.size() < limit);
        return found;
    }

    private JsonNode get(String path, Map<String, String> parameters) {
        String query = parameters.entrySet().stream()
                .map(each -> each.getKey() + "=" + URLEncoder.encode(each.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&", "?", ""));
        String base = server.toString().replaceFirst("/+$", "");
        try {
            HttpRequest.Builder request =
                    HttpRequest.newBuilder(URI.create(base + path + query)).timeout(TIMEOUT);
            if (!token.isEmpty()) {
                request.header("Authorization", "Bearer " + token);
            }
            HttpResponse<InputStream> response = client.send(request.build(), BodyHandlers.ofInputStream());
            try (InputStream body = response.body()) {
                return read(response.statusCode(), body.readNBytes(MAX_ANSWER_BYTES));
            }
        } catch (IllegalArgumentException e) {
            throw UserError.usage(server + " is no address of a sink; give one as http://host:8080");
        } catch (IOException e) {
            throw UserError.environment("no answer from " + base + " (" + reason(e)
                    + "); is `unpark up` or `unpark sink` running there? --url names another address");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw UserError.environment("interrupted");
        }
    }

    private JsonNode read(int status, byte[] body) {
        JsonNode answer;
        try {
            answer = JSON.readTree(body);
        } catch (JsonProcessingException e) {
            answer = JSON.createObjectNode();
        } catch (IOException e) {
            throw new IllegalStateException("bytes do not fail", e);
        }
        if (status == 200 && answer.path("items").isArray()) {
            return answer;
        }
        String detail = answer.path("detail").asText(answer.path("title").asText(""));
        if (status == 400) {
            throw UserError.usage(detail);
        }
        if (status == 401 || status == 403) {
            throw UserError.environment(
                    server + " asks who you are (HTTP " + status + "): put its token into UNPARK_TOKEN");
        }
        throw UserError.environment(server + " answers HTTP " + status
                + (detail.isEmpty() ? "; it does not look like Unpark" : ": " + detail));
    }

    private static String reason(IOException e) {
        return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    }
}
