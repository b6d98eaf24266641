package io.unpark.app.capture;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.unpark.app.console.UserError;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Asks a collector for a trace of a running service, and how it goes. */
public final class CaptureClient {
    private static final Duration CONNECT = Duration.ofSeconds(5);
    private static final Duration ANSWER = Duration.ofSeconds(15);
    private static final String CAPTURES = "/ingest/v1/captures";

    private final ObjectMapper json = new ObjectMapper();
    private final HttpClient http;
    private final String collector;
    private final Optional<String> token;

    /**
     * @param collector base URL, http or https
     * @param token sent as a bearer token, if there is one
     * @throws UserError when it is no such URL
     */
    public CaptureClient(String collector, Optional<String> token) {
        this.collector = checked(collector);
        this.token = token;
        this.http = HttpClient.newBuilder().connectTimeout(CONNECT).build();
    }

    private static String checked(String url) {
        try {
            URI uri = URI.create(url);
            boolean known = "http".equalsIgnoreCase(uri.getScheme()) || "https".equalsIgnoreCase(uri.getScheme());
            if (known && uri.getHost() != null && uri.getUserInfo() == null && uri.getQuery() == null) {
                return url.replaceFirst("/+$", "");
            }
        } catch (IllegalArgumentException e) {
            // told below
        }
        throw UserError.usage("--collector takes a URL such as http://127.0.0.1:8080, not " + url);
    }

    /**
     * Asks.
     *
     * @param wish the parameters, by their names
     * @throws UserError when nobody can be asked, or the collector does not answer
     */
    public CaptureView ask(Map<String, String> wish) throws InterruptedException {
        String query = wish.entrySet().stream()
                .map(it -> it.getKey() + "=" + URLEncoder.encode(it.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
        HttpResponse<String> answer = send(request(CAPTURES + "?" + query).POST(BodyPublishers.noBody()));
        if (answer.statusCode() != 202) {
            throw refused(answer);
        }
        return CaptureView.of(parsed(answer));
    }

    /** How it goes; see {@link #ask} for the errors. */
    public CaptureView look(String id) throws InterruptedException {
        HttpResponse<String> answer = send(request(CAPTURES + "/" + id).GET());
        if (answer.statusCode() != 200) {
            throw refused(answer);
        }
        return CaptureView.of(parsed(answer));
    }

    /** Where to look at a capture. */
    public String address(String id) {
        return collector + CAPTURES + "/" + id;
    }

    /** Where the anomalies of a service are, if this process serves them too. */
    public Optional<String> anomalies(String service) throws InterruptedException {
        String path = "/api/v1/anomalies?service=" + URLEncoder.encode(service, StandardCharsets.UTF_8);
        HttpResponse<String> answer = send(request(path + "&limit=1").GET());
        return answer.statusCode() == 200 ? Optional.of(collector + path) : Optional.empty();
    }

    private HttpRequest.Builder request(String path) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(collector + path)).timeout(ANSWER);
        token.ifPresent(it -> request.header("Authorization", "Bearer " + it));
        return request;
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws InterruptedException {
        try {
            return http.send(request.build(), BodyHandlers.ofString());
        } catch (IOException e) {
            String why = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
            throw UserError.environment("no answer from the collector at " + collector + ": " + why
                    + "; is it running, and is --collector right?");
        }
    }

    private UserError refused(HttpResponse<String> answer) {
        int status = answer.statusCode();
        JsonNode problem = parsed(answer);
        if (status == 401 || status == 403) {
            return UserError.environment(
                    "the collector wants a token that may do this (" + status + "); set UNPARK_TOKEN");
        }
        if (!problem.path("reason").isTextual()) {
            return UserError.environment(
                    "what answers at " + collector + " is no collector that takes this: HTTP " + status);
        }
        String detail = visible(problem.path("detail").asText());
        return switch (problem.path("reason").asText()) {
            case "bad_parameter" -> UserError.usage(detail);
            case "no_agent" ->
                UserError.environment(detail + ". Start the agent with Mode: unpark.Triggered, see docs/capture.md");
            default -> UserError.environment(detail);
        };
    }

    private JsonNode parsed(HttpResponse<String> answer) {
        try {
            return json.readTree(answer.body());
        } catch (JsonProcessingException e) {
            return json.createObjectNode();
        }
    }

    /** Names come from elsewhere: no control character may reach the terminal. */
    private static String visible(String text) {
        return text.replaceAll("\\p{Cntrl}", "\ufffd");
    }
}
