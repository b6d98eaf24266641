package io.unpark.app.roles;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
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

    /** Refused records by reason, since the start. */
    public Map<String, Long> refused() {
        return Map.of("dead letters", app.status().deadLetters());
    }

    @Override
    public void close() {
        app.close();
    }
}
