package io.unpark.sink.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.javalin.Javalin;
import io.unpark.schemas.record.Anomaly;
import io.unpark.schemas.record.RequestTrace;
import io.unpark.schemas.record.RouteWindow;
import io.unpark.schemas.record.RuntimeWindow;
import io.unpark.sink.Samples;
import io.unpark.sink.consume.TestRows;
import io.unpark.sink.consume.TestStatus;
import io.unpark.sink.store.StateRule;
import io.unpark.sink.store.StorageConfig;
import io.unpark.sink.store.jdbc.JdbcStorage;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A server over an empty store for each test of what sums up. */
abstract class SummaryApi {
    static final ObjectMapper JSON = new ObjectMapper();
    static final Clock CLOCK = Clock.fixed(Instant.parse("2026-11-23T02:00:00Z"), ZoneOffset.UTC);
    static final long MS = 1_000_000;
    static final long START_NS = Samples.START_NS;

    private final HttpClient http = HttpClient.newHttpClient();
    JdbcStorage storage;
    private Javalin server;

    @BeforeEach
    void start() {
        storage = new JdbcStorage(StorageConfig.inMemory("map-api"));
        storage.start();
        SinkRoutes routes = new SinkRoutes(
                storage,
                TestStatus.afterTwoRecords(CLOCK),
                () -> new StateRule(CLOCK.millis(), 86_400_000),
                List::of,
                Map::of,
                CLOCK);
        server = Javalin.create(config -> {
                    config.startup.showJavalinBanner = false;
                    routes.register(config);
                })
                .start("127.0.0.1", 0);
    }

    @AfterEach
    void stop() {
        server.stop();
        storage.close();
    }

    static RuntimeWindow window(String service, long second) {
        return Samples.runtimeWindow(service, second).build();
    }

    void write(
            List<Anomaly> anomalies, List<RuntimeWindow> windows, List<RouteWindow> routes, List<RequestTrace> requests)
            throws Exception {
        storage.anomalyStore().write(TestRows.of(anomalies, windows, routes, requests, CLOCK.millis()));
    }

    JsonNode get(String path) throws Exception {
        HttpResponse<String> response = ask(path);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return JSON.readTree(response.body());
    }

    HttpResponse<String> ask(String path) throws Exception {
        URI uri = URI.create("http://127.0.0.1:" + server.port() + path);
        return http.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
    }
}
