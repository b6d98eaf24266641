package io.unpark.sink.api;

import io.javalin.Javalin;
import io.javalin.http.HandlerType;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.unpark.sink.RefusedInput;
import io.unpark.sink.consume.TestStatus;
import io.unpark.sink.store.SinkBatch;
import io.unpark.sink.store.StateRule;
import io.unpark.sink.store.StorageConfig;
import io.unpark.sink.store.jdbc.JdbcStorage;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicLong;

/** All routes of a sink on a port, over a store in memory; time stands still until it is moved. */
final class SampleServer implements AutoCloseable {
    private static final Instant BEGAN = Instant.parse("2026-11-23T00:01:00Z");
    static final long QUIET_MS = 600_000;
    static final EventLimits QUICK = new EventLimits(
            Duration.ofMillis(50),
            Duration.ofMillis(200),
            Duration.ofMillis(200),
            Duration.ofMinutes(1),
            20,
            1_200,
            1_000);

    final JdbcStorage storage;
    private final AtomicLong nowMs = new AtomicLong(BEGAN.toEpochMilli());
    private final HttpClient http = HttpClient.newHttpClient();
    private final Javalin server;

    SampleServer() {
        this(StorageConfig.inMemory("samples"));
    }

    /** One of several may share a database. */
    SampleServer(StorageConfig database) {
        this(database, QUICK);
    }

    SampleServer(StorageConfig database, EventLimits events) {
        storage = new JdbcStorage(database);
        storage.start();
        Clock clock = Clock.fixed(BEGAN, ZoneOffset.UTC);
        SinkRoutes routes = new SinkRoutes(
                storage,
                TestStatus.afterTwoRecords(clock),
                () -> new StateRule(nowMs.get(), QUIET_MS),
                () -> List.of(new RefusedInput("ingest", "not a trace", 3, BEGAN)),
                () -> Map.of("detector_faults", List.of(Map.of("detector", "goroutine_leak", "count", 2))),
                clock,
                events);
        server = Javalin.create(config -> {
                    config.startup.showJavalinBanner = false;
                    routes.register(config);
                    SinkRoutes.registerOperations(
                            config,
                            Map.of("fine", Optional::empty),
                            new PrometheusMeterRegistry(PrometheusConfig.DEFAULT));
                })
                .start("127.0.0.1", 0);
    }

    long nowMs() {
        return nowMs.get();
    }

    void passTime(long ms) {
        nowMs.addAndGet(ms);
    }

    void write(SinkBatch batch) throws Exception {
        storage.anomalyStore().write(batch);
    }

    /** Every route but those for paths that nothing is at, as {@code GET /api/v1/anomalies/{id}}. */
    Set<String> routes() {
        Set<String> routes = new TreeSet<>();
        server.unsafe.internalRouter.allHttpHandlers().stream()
                .map(it -> it.endpoint)
                .filter(it -> it.method != HandlerType.BEFORE && it.method != HandlerType.AFTER)
                .filter(it -> !it.path.endsWith("*"))
                .forEach(it -> routes.add(it.method.name() + " " + it.path));
        return routes;
    }

    int port() {
        return server.port();
    }

    HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path));
    }

    HttpResponse<String> get(String path) throws Exception {
        return http.send(request(path).build(), HttpResponse.BodyHandlers.ofString());
    }

    @Override
    public void close() {
        server.stop();
        storage.close();
    }
}
