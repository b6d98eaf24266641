package io.unpark.sink.web;

import io.javalin.Javalin;
import io.unpark.sink.RefusedInput;
import io.unpark.sink.api.SinkRoutes;
import io.unpark.sink.consume.TestStatus;
import io.unpark.sink.store.SinkBatch;
import io.unpark.sink.store.StateRule;
import io.unpark.sink.store.StorageConfig;
import io.unpark.sink.store.TraceSlice;
import io.unpark.sink.store.jdbc.JdbcStorage;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/** The API and the pages on a port of the machine, over a store in memory. */
final class WebServer implements AutoCloseable {
    private static final Instant NOW = Instant.parse("2026-11-23T00:01:00Z");
    private static final long RESOLVED_AFTER_MS = 600_000;

    private final JdbcStorage storage = new JdbcStorage(StorageConfig.inMemory("web"));
    private final AtomicLong nowMs = new AtomicLong(NOW.toEpochMilli());
    private final Javalin server;

    WebServer() {
        this("not a trace");
    }

    /** @param name of everything that others of the process add to the status */
    WebServer(String name) {
        Clock clock = Clock.fixed(NOW, ZoneOffset.UTC);
        storage.start();
        SinkRoutes routes = new SinkRoutes(
                storage,
                TestStatus.afterTwoRecords(clock),
                () -> new StateRule(nowMs.get(), RESOLVED_AFTER_MS),
                () -> List.of(new RefusedInput("ingest", name, 3, NOW)),
                () -> moreStatus(name),
                clock);
        server = Javalin.create(config -> {
                    config.startup.showJavalinBanner = false;
                    routes.register(config);
                })
                .start("127.0.0.1", 0);
    }

    /** As the topologies of an all-in-one process say it. */
    private static Map<String, Object> moreStatus(String name) {
        Map<String, Object> fault = Map.of("detector", name, "count", 4, "skipped", 96, "first", name, "last", name);
        Map<String, Object> topologies = Map.of(
                "state",
                "RUNNING",
                "generations",
                1_200,
                "findings",
                40,
                "dead_letters",
                2,
                "let_go",
                Map.of("requests", 7, "instances", 0),
                "left_out",
                Map.of(name, 9));
        return Map.of(
                "detector_faults", List.of(fault), "topologies", topologies, "notifications", notifications(name));
    }

    /** One receiver that takes what it is told, and one that does not. */
    private static List<Map<String, Object>> notifications(String name) {
        return List.of(
                Map.of(
                        "receiver",
                        "pager",
                        "configured",
                        true,
                        "pending",
                        0,
                        "sent",
                        12,
                        "failed",
                        1,
                        "dropped",
                        Map.of()),
                Map.of(
                        "receiver",
                        name,
                        "configured",
                        true,
                        "pending",
                        3,
                        "oldest",
                        NOW.toString(),
                        "sent",
                        0,
                        "failed",
                        7,
                        "dropped",
                        Map.of("age", 2),
                        "failures_in_a_row",
                        7,
                        "last_error",
                        name,
                        "next_attempt",
                        NOW.toString()));
    }

    void write(SinkBatch batch) throws Exception {
        storage.anomalyStore().write(batch);
    }

    /** Until everything that was written counts as resolved. */
    void passTime() {
        nowMs.addAndGet(RESOLVED_AFTER_MS + 1);
    }

    /** As the sink does it from time to time. */
    void rollUp() {
        storage.rollUps().run(() -> true);
    }

    /** Copies a slice, as the copier would, for the anomaly whose turn it is. */
    void slice(byte[] trace) {
        storage.slices().ready(storage.slices().pending(1).get(0), new TraceSlice("capture-1", 1, 2, trace));
    }

    void sliceGone(String why) {
        storage.slices().gone(storage.slices().pending(1).get(0), why);
    }

    static long nowMs() {
        return NOW.toEpochMilli();
    }

    String url() {
        return "http://127.0.0.1:" + server.port() + "/";
    }

    @Override
    public void close() {
        server.stop();
        storage.close();
    }
}
