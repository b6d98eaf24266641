package io.unpark.sink.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;

/** Reads server-sent events one by one. */
final class EventReader implements AutoCloseable {
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    /** One event. */
    record Event(long id, JsonNode data) {
        /** The anomaly's. */
        String name() {
            return data.path("id").asText();
        }
    }

    private final InputStream body;
    private final BufferedReader lines;

    private EventReader(InputStream body) {
        this.body = body;
        this.lines = new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8));
    }

    /** Throws {@link IllegalStateException} with the status when it is not 200. */
    static EventReader open(SampleServer server, String query) throws Exception {
        HttpResponse<InputStream> answer =
                HTTP.send(server.request("/api/v1/events" + query).build(), HttpResponse.BodyHandlers.ofInputStream());
        if (answer.statusCode() != 200) {
            throw new IllegalStateException("HTTP " + answer.statusCode());
        }
        return new EventReader(answer.body());
    }

    /** The next event, which must be called so. */
    Event await(String name) throws IOException {
        long id = -1;
        String called = "";
        while (true) {
            String line = lines.readLine();
            if (line == null) {
                throw new IOException("the events ended");
            } else if (line.startsWith("id: ")) {
                id = Long.parseLong(line.substring(4));
            } else if (line.startsWith("event: ")) {
                called = line.substring(7);
            } else if (line.startsWith("data: ")) {
                if (!called.equals(name)) {
                    throw new IOException("expected " + name + ", got " + called + " " + line);
                }
                return new Event(id, new ObjectMapper().readTree(line.substring(6)));
            }
        }
    }

    @Override
    public void close() {
        try {
            body.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
