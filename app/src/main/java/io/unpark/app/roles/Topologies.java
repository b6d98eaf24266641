package io.unpark.app.roles;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.unpark.streams.OrderStatus;
import io.unpark.streams.StreamsApp;
import io.unpark.streams.StreamsOptions;
import io.unpark.streams.StreamsStatus;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToLongFunction;

/** The topologies as a part of a process: running, watched and counted. */
public final class Topologies implements AutoCloseable {
    private final StreamsApp app;

    private Topologies(StreamsApp app) {
        this.app = app;
    }

    /**
     * Starts the threads and returns.
     *
     * @param options where, and how many threads; those of {@code cluster} for Kafka and the topics' names are in them
     * @param meters get what was done, as {@code unpark.stream.*}
     */
    public static Topologies start(Cluster cluster, StreamsOptions options, MeterRegistry meters) {
        StreamsApp app = new StreamsApp(options, cluster.serdes());
        Topologies topologies = new Topologies(app);
        topologies.count(meters);
        app.start();
        return topologies;
    }

    private void count(MeterRegistry meters) {
        counter(meters, "generations", StreamsStatus::generations);
        counter(meters, "duplicate.generations", StreamsStatus::duplicateGenerations);
        counter(meters, "incomplete.generations", StreamsStatus::incompleteGenerations);
        orderCounter(meters, "missing.generations", OrderStatus::missingGenerations);
        orderCounter(meters, "late.chunks", OrderStatus::lateChunks);
        orderCounter(meters, "evicted.waits", OrderStatus::evictedWaits);
        orderCounter(meters, "closed.captures", OrderStatus::closedCaptures);
        counter(meters, "race.reports", StreamsStatus::raceReports);
        counter(meters, "segments", StreamsStatus::segments);
        counter(meters, "findings", StreamsStatus::findings);
        counter(meters, "anomalies", StreamsStatus::anomalies);
        counter(meters, "dead.letters", StreamsStatus::deadLetters);
        counter(meters, "evicted.instances", StreamsStatus::evictedInstances);
        counter(meters, "evicted.requests", StreamsStatus::evictedRequests);
        counter(meters, "evicted.anomalies", StreamsStatus::evictedAnomalies);
        counter(meters, "discarded.states", StreamsStatus::discardedStates);
        counter(meters, "replaced.threads", StreamsStatus::replacedThreads);
    }

    private void orderCounter(MeterRegistry meters, String name, ToLongFunction<OrderStatus> value) {
        FunctionCounter.builder("unpark.stream." + name, app, it -> value.applyAsLong(it.orderStatus()))
                .register(meters);
    }

    private void counter(MeterRegistry meters, String name, ToLongFunction<StreamsStatus> value) {
        FunctionCounter.builder("unpark.stream." + name, app, it -> value.applyAsLong(it.status()))
                .register(meters);
    }

    public StreamsApp app() {
        return app;
    }

    /** Why it does not process just now; empty when it does. */
    public Optional<String> trouble() {
        return app.isRunning()
                ? Optional.empty()
                : Optional.of("they are " + app.status().state());
    }

    /** Why it stopped for good; empty while it has not. */
    public Optional<String> failure() {
        return app.hasFailed() ? Optional.of(app.status().failure().orElse("see the log")) : Optional.empty();
    }

    /** Refused records by reason, since the start, and what never came. */
    public Map<String, Long> refused() {
        OrderStatus order = app.orderStatus();
        return Map.of(
                "dead letters",
                app.status().deadLetters(),
                "generations that never came",
                order.missingGenerations(),
                "generations of which parts never came",
                order.incompleteGenerations(),
                "chunks that came too late",
                order.lateChunks(),
                "waits for missing generations ended by a limit",
                order.evictedWaits(),
                "captures let go since too many were open",
                order.closedCaptures());
    }

    @Override
    public void close() {
        app.close();
    }
}
