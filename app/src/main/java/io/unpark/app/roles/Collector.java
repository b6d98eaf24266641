package io.unpark.app.roles;

import io.javalin.config.JavalinConfig;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.unpark.ingest.AcceptedListener;
import io.unpark.ingest.ChunkProducer;
import io.unpark.ingest.IngestLimits;
import io.unpark.ingest.IngestRoutes;
import io.unpark.ingest.IngestStatus;
import io.unpark.ingest.config.CollectorConfig;
import java.nio.file.Path;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.ToLongFunction;

/** The collector as a part of a process: the routes that take pushes, and the producer behind them. */
public final class Collector implements AutoCloseable {
    private final ChunkProducer producer;
    private final IngestRoutes routes;

    /** @param meters get what was taken in, as {@code unpark.ingest.*} */
    public Collector(Cluster cluster, Clock clock, MeterRegistry meters) {
        this(cluster, AcceptedListener.NONE, clock, meters);
    }

    /** As the other; {@code listener} is told of what was acknowledged. */
    public Collector(Cluster cluster, AcceptedListener listener, Clock clock, MeterRegistry meters) {
        producer = new ChunkProducer(cluster.kafka(), cluster.layout(), cluster.serdes(), listener);
        routes = new IngestRoutes(producer, IngestLimits.DEFAULT, () -> Math.multiplyExact(clock.millis(), 1_000_000L));
        counter(meters, "generations", IngestStatus::acceptedGenerations);
        counter(meters, "bytes", IngestStatus::acceptedBytes);
        counter(meters, "race.reports", IngestStatus::acceptedRaceReports);
        FunctionCounter.builder("unpark.ingest.profiles", routes, IngestRoutes::acceptedProfiles)
                .register(meters);
        counter(meters, "dead.letters", IngestStatus::deadLetters);
        counter(
                meters,
                "refused",
                status -> status.refused().values().stream()
                        .mapToLong(Long::longValue)
                        .sum());
        Gauge.builder("unpark.ingest.running.pushes", routes, it -> it.status().runningPushes())
                .register(meters);
    }

    private void counter(MeterRegistry meters, String name, ToLongFunction<IngestStatus> value) {
        FunctionCounter.builder("unpark.ingest." + name, routes, it -> value.applyAsLong(it.status()))
                .register(meters);
    }

    /** Adds {@code /ingest/v1/trace}, {@code /ingest/v1/race} and {@code /ingest/v1/profile}. */
    public void register(JavalinConfig server) {
        routes.register(server.routes);
    }

    public ChunkProducer producer() {
        return producer;
    }

    /** Starts what a collector fetches by itself; to be closed before this. */
    public Feeds feed(CollectorConfig config, Path state, Clock clock, MeterRegistry meters) {
        return Feeds.start(config, state, routes.intake(), clock, meters);
    }

    /** Refused pushes by reason, since the start. */
    public Map<String, Long> refused() {
        return routes.status().refused();
    }

    /** For the status. */
    Map<String, Object> status() {
        IngestStatus now = routes.status();
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("running_pushes", now.runningPushes());
        body.put("generations", now.acceptedGenerations());
        body.put("bytes", now.acceptedBytes());
        body.put("race_reports", now.acceptedRaceReports());
        body.put("profiles", routes.acceptedProfiles());
        body.put("refused", now.refused());
        body.put("kept_traces", now.deadLetters());
        body.put("kept_trace_bytes", now.deadLetterBytes());
        return body;
    }

    @Override
    public void close() {
        producer.close();
    }
}
