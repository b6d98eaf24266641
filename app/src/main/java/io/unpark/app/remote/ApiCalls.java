package io.unpark.app.remote;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.unpark.app.console.UserError;
import java.io.IOException;
import java.io.InputStream;
import java.io.Serial;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Collectors;

/** Requests to a sink's API, and what its answers mean. */
final class ApiCalls {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    /** A page of 500 of the largest anomalies. */
    private static final int MAX_ANSWER_BYTES = 256 << 20;

    /** An answer that was read to its end; {@code body} is an empty object when it was no JSON. */
    record Answer(int status, JsonNode body) {}

    /** The server cannot answer just now; the message is in its own words. */
    static final class UnavailableException extends IOException {
        @Serial
        private static final long serialVersionUID = 1L;

        private UnavailableException(String message) {
            super(message);
        }
    }

    private final HttpClient client = HttpClient.newBuilder()
            .connectTimeout(TIMEOUT)
            .followRedirects(HttpClient.Redirect.NORMAL)
            .build();
    private final URI server;
    private final String token;

    ApiCalls(URI server, String token) {
        this.server = server;
        this.token = token;
    }

    Answer get(String path, Map<String, String> parameters) throws IOException {
        HttpResponse<InputStream> response = open(path, parameters, Map.of());
        try (InputStream body = response.body()) {
            return new Answer(response.statusCode(), parsed(body.readNBytes(MAX_ANSWER_BYTES)));
        }
    }

    /** An answer whose body is still to be read, and closed. It comes within 30 s; its body may take as long as it likes. */
    HttpResponse<InputStream> open(String path, Map<String, String> parameters, Map<String, String> headers)
            throws IOException {
        String query = parameters.entrySet().stream()
                .map(each -> each.getKey() + "=" + URLEncoder.encode(each.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&", parameters.isEmpty() ? "" : "?", ""));
        try {
            HttpRequest.Builder request =
                    HttpRequest.newBuilder(URI.create(base() + path + query)).timeout(TIMEOUT);
            if (!token.isEmpty()) {
                request.header("Authorization", "Bearer " + token);
            }
            headers.forEach(request::header);
            return client.send(request.build(), BodyHandlers.ofInputStream());
        } catch (IllegalArgumentException e) {
            throw UserError.usage(server + " is no address of a sink; give one as http://host:8080");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw UserError.environment("interrupted");
        }
    }

    private String base() {
        return server.toString().replaceFirst("/+$", "");
    }

    private static JsonNode parsed(byte[] body) {
        try {
            return JSON.readTree(body);
        } catch (IOException e) {
            return JSON.createObjectNode();
        }
    }

    UserError away(IOException e) {
        return UserError.environment("no answer from " + base() + " ("
                + (e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage())
                + "); is `unpark up` or `unpark sink` running there? --url names another address");
    }

    /** Why an answer is not what was asked for, in its own words; thrown when that may pass. */
    UserError refusal(Answer answer) throws UnavailableException {
        String detail =
                answer.body().path("detail").asText(answer.body().path("title").asText(""));
        if (answer.status() == 400) {
            return UserError.usage(detail);
        }
        if (isUnknown(answer.status())) {
            return unknown(answer.status());
        }
        String why = server + " answers HTTP " + answer.status()
                + (detail.isEmpty() ? "; it does not look like Unpark" : ": " + detail);
        if (answer.status() >= 500) {
            throw new UnavailableException(why);
        }
        return UserError.environment(why);
    }

    /** Whether it wants to know who asks. */
    static boolean isUnknown(int status) {
        return status == 401 || status == 403;
    }

    UserError unknown(int status) {
        return UserError.environment(
                server + " asks who you are (HTTP " + status + "): put its token into UNPARK_TOKEN");
    }
}
