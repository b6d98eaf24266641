package io.unpark.app;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;

/** What a collector says that it has refused. */
final class RefusedPushes {
    private RefusedPushes() {}

    /** By reason, as text. */
    static String of(String collector, String token) {
        HttpRequest request = HttpRequest.newBuilder(URI.create(collector + "/api/v1/status"))
                .header("Authorization", "Bearer " + token)
                .timeout(Duration.ofSeconds(20))
                .build();
        try {
            JsonNode status = Documents.parse(HttpClient.newHttpClient()
                    .send(request, HttpResponse.BodyHandlers.ofString())
                    .body());
            Map<String, Long> counts = new TreeMap<>();
            status.findValues("refused")
                    .forEach(all -> all.properties()
                            .forEach(it ->
                                    counts.merge(it.getKey(), it.getValue().asLong(), Long::sum)));
            counts.values().removeIf(count -> count == 0);
            return counts.toString();
        } catch (IOException e) {
            return "unknown: " + e;
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
