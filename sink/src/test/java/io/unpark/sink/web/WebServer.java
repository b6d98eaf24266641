package io.unpark.sink.web;

import io.javalin.Javalin;
import io.unpark.sink.RefusedInput;
import io.unpark.sink.api.SinkRoutes;
import io.unpark.sink.consume.TestStatus;
import io.unpark.sink.store.JdbcStorage;
import io.unpark.sink.store.SinkBatch;
import io.unpark.sink.store.StateRule;
import io.unpark.sink.store.StorageConfig;
import io.unpark.sink.store.TraceSlice;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;

/** The API and the pages on a port of the machine, over a store in memory. */
final class WebServer implements AutoCloseable {
    private static final Instant NOW = Instant.parse("2026-11-23T00:01:00Z");
    private static final long RESOLVED_AFTER_MS = 600_000;

    private final JdbcStorage storage = new JdbcStorage(StorageConfig.inMemory("web"));
    private final Javalin server;

    WebServer() {
        Clock clock = Clock.fixed(NOW, ZoneOffset.UTC);
        storage.start();
        SinkRoutes routes = new SinkRoutes(
                storage,
                TestStatus.afterTwoRecords(clock),
                () -> new StateRule(clock.millis(), RESOLVED_AFTER_MS),
                () -> List.of(new RefusedInput("ingest", "not a trace", 3, NOW)),
                Map::of,
                clock);
        server = Javalin.create(config -> {
                    config.startup.showJavalinBanner = false;
                    routes.register(config);
                })
                .start("127.0.0.1", 0);
    }

    void write(SinkBatch batch) throws Exception {
        storage.anomalyStore().write(batch);
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
