package io.unpark.ingest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.javalin.Javalin;
import io.unpark.schemas.TopicLayout;
import io.unpark.schemas.registry.InMemoryRegistry;
import io.unpark.schemas.registry.TopicSerdes;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.HashMap;
import java.util.Map;

/** A collector on a free port, with the client of its tests. */
final class Collector implements AutoCloseable {
    static final long NOW_UNIX_NS = 1_795_390_000_000_000_000L;

    private final ChunkProducer producer;
    private final Javalin server;
    private final HttpClient client = HttpClient.newHttpClient();
    final IngestRoutes routes;

    Collector(String bootstrap, IngestLimits limits, TopicSerdes serdes, Map<String, Object> config) {
        Map<String, Object> all = new HashMap<>(config);
        all.put("bootstrap.servers", bootstrap);
        producer = new ChunkProducer(all, TopicLayout.DEFAULT, serdes);
        routes = new IngestRoutes(producer, limits, () -> NOW_UNIX_NS);
        server = Javalin.create(javalin -> {
                    javalin.startup.showJavalinBanner = false;
                    routes.register(javalin.routes);
                })
                .start("127.0.0.1", 0);
    }

    static TopicSerdes serdes() {
        return new TopicSerdes(new InMemoryRegistry(), true);
    }

    URI uri(String path) {
        return URI.create("http://127.0.0.1:" + server.port() + path);
    }

    Answer post(String path, byte[] body, String... headers) throws IOException, InterruptedException {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(uri(path)).POST(HttpRequest.BodyPublishers.ofByteArray(body));
        for (int i = 0; i < headers.length; i += 2) {
            request.header(headers[i], headers[i + 1]);
        }
        HttpResponse<String> response = client.send(request.build(), HttpResponse.BodyHandlers.ofString());
        return new Answer(response, new ObjectMapper().readTree(response.body()));
    }

    @Override
    public void close() {
        server.stop();
        producer.close();
    }

    record Answer(HttpResponse<String> response, JsonNode body) {
        int status() {
            return response.statusCode();
        }

        String header(String name) {
            return response.headers().firstValue(name).orElse("");
        }

        JsonNode accepted() {
            return body.path("accepted");
        }
    }
}
