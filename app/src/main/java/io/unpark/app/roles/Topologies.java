package io.unpark.app.roles;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.unpark.analysis.fault.DetectorFault;
import io.unpark.streams.OrderStatus;
import io.unpark.streams.StreamsApp;
import io.unpark.streams.StreamsOptions;
import io.unpark.streams.StreamsStatus;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToLongFunction;
import org.apache.kafka.common.KafkaException;

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
        counter(meters, "dropped.findings", StreamsStatus::findingsLetGo);
        counter(meters, "ignored.segments", StreamsStatus::segmentsIgnored);
        FunctionCounter.builder(
                        "unpark.stream.detector.faults",
                        app,
                        it -> it.detectorFaults().stream()
                                .mapToLong(DetectorFault::count)
                                .sum())
                .register(meters);
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

    /** Refused records by topic and reason, since the start, and what never came. */
    public Map<String, Long> refused() {
        OrderStatus order = app.orderStatus();
        Map<String, Long> refused = new LinkedHashMap<>(app.refused());
        refused.put("generations that never came", order.missingGenerations());
        refused.put("generations of which parts never came", order.incompleteGenerations());
        refused.put("chunks that came too late", order.lateChunks());
        refused.put("waits for missing generations ended by a limit", order.evictedWaits());
        refused.put("captures let go since too many were open", order.closedCaptures());
        return refused;
    }

    /** For the status: what runs, which detectors failed, what was let go at a limit. */
    public Map<String, Object> status() {
        StreamsStatus now = app.status();
        Map<String, Object> topologies = new LinkedHashMap<>();
        topologies.put("state", now.state());
        now.failure().ifPresent(failure -> topologies.put("failure", failure));
        topologies.put("generations", now.generations());
        topologies.put("duplicate_generations", now.duplicateGenerations());
        topologies.put("race_reports", now.raceReports());
        topologies.put("profiles", app.profiles());
        topologies.put("findings", now.findings());
        topologies.put("anomalies", now.anomalies());
        topologies.put("dead_letters", now.deadLetters());
        topologies.put("replaced_threads", now.replacedThreads());
        Map<String, Object> letGo = new LinkedHashMap<>();
        letGo.put("instances", now.evictedInstances());
        letGo.put("requests", now.evictedRequests());
        letGo.put("segments", now.segmentsIgnored());
        letGo.put("anomalies", now.evictedAnomalies());
        letGo.put("findings", now.findingsLetGo());
        letGo.put("states", now.discardedStates());
        topologies.put("let_go", letGo);
        topologies.put("left_out", app.limited());
        Map<String, Object> sections = new LinkedHashMap<>();
        sections.put("topologies", topologies);
        sections.put(
                "detector_faults",
                app.detectorFaults().stream().map(Topologies::fault).toList());
        return sections;
    }

    private static Map<String, Object> fault(DetectorFault it) {
        Map<String, Object> fault = new LinkedHashMap<>();
        fault.put("detector", it.detector());
        fault.put("count", it.count());
        fault.put("skipped", it.skipped());
        fault.put("first", it.first());
        fault.put("last", it.last());
        return fault;
    }

    /** As {@link #status}, and how far behind it is. */
    Map<String, Object> statusWithLag() {
        Map<String, Object> sections = new LinkedHashMap<>();
        try {
            sections.put("lag", app.lags());
        } catch (KafkaException e) {
            sections.put("error", "the cluster does not tell the lag: " + e.getMessage());
        }
        sections.put("refused", refused());
        sections.putAll(status());
        return sections;
    }

    @Override
    public void close() {
        app.close();
    }
}
