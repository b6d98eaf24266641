package io.unpark.app.roles;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.unpark.analysis.fault.DetectorFault;
import io.unpark.app.process.SampledMeters;
import io.unpark.streams.OrderStatus;
import io.unpark.streams.StreamsApp;
import io.unpark.streams.StreamsOptions;
import io.unpark.streams.StreamsStatus;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import org.apache.kafka.common.KafkaException;

/** The topologies as a part of a process: running, watched and counted. */
public final class Topologies implements AutoCloseable {
    private final StreamsApp app;
    private final SampledMeters sampled;

    private Topologies(StreamsApp app, MeterRegistry meters) {
        this.app = app;
        this.sampled = new SampledMeters(meters);
    }

    /**
     * Starts the threads and returns.
     *
     * @param options where, and how many threads; those of {@code cluster} for Kafka and the topics' names are in them
     * @param meters get what was done, as {@code unpark.stream.*}
     */
    public static Topologies start(Cluster cluster, StreamsOptions options, MeterRegistry meters) {
        StreamsApp app = new StreamsApp(options, cluster.serdes());
        Topologies topologies = new Topologies(app, meters);
        topologies.count(meters);
        app.start();
        topologies.sample();
        return topologies;
    }

    private void count(MeterRegistry meters) {
        counter(
                meters,
                "generations",
                "Generations of traces that were judged, duplicates included",
                StreamsStatus::generations);
        counter(
                meters,
                "duplicate.generations",
                "Generations that came again and changed nothing",
                StreamsStatus::duplicateGenerations);
        counter(
                meters,
                "incomplete.generations",
                "Generations that were dropped since parts were missing",
                StreamsStatus::incompleteGenerations);
        orderCounter(
                meters,
                "missing.generations",
                "Generations that were declared missing",
                OrderStatus::missingGenerations);
        orderCounter(
                meters,
                "late.chunks",
                "Chunks that came after their generation was declared missing",
                OrderStatus::lateChunks);
        orderCounter(
                meters,
                "evicted.waits",
                "Waits for missing generations that ended by a limit",
                OrderStatus::evictedWaits);
        orderCounter(
                meters,
                "closed.captures",
                "Captures that were let go since too many of one instance were open",
                OrderStatus::closedCaptures);
        counter(meters, "race.reports", "Race reports that were judged", StreamsStatus::raceReports);
        counter(meters, "segments", "Parts of requests that were joined", StreamsStatus::segments);
        counter(meters, "findings", "Findings that were folded into anomalies", StreamsStatus::findings);
        counter(meters, "anomalies", "Anomalies that were written, again at each change", StreamsStatus::anomalies);
        counter(
                meters,
                "dead.letters",
                "Records that were refused and put on dead-letter topics",
                StreamsStatus::deadLetters);
        counter(meters, "evicted.instances", "Instances whose state was let go", StreamsStatus::evictedInstances);
        counter(meters, "evicted.requests", "Requests whose segments were let go", StreamsStatus::evictedRequests);
        counter(meters, "evicted.anomalies", "Anomalies whose state was let go", StreamsStatus::evictedAnomalies);
        counter(meters, "discarded.states", "States that this version could not read", StreamsStatus::discardedStates);
        counter(meters, "replaced.threads", "Threads that failed and were replaced", StreamsStatus::replacedThreads);
        counter(
                meters,
                "dropped.findings",
                "Findings of anomalies with more of them than are held",
                StreamsStatus::findingsLetGo);
        counter(
                meters,
                "ignored.segments",
                "Segments of requests with more of them than are held",
                StreamsStatus::segmentsIgnored);
        FunctionCounter.builder("unpark.stream.profiles", app, StreamsApp::profiles)
                .description("Profiles that were taken in, those that came before included")
                .register(meters);
        Gauge.builder("unpark.stream.running", app, it -> it.isRunning() ? 1 : 0)
                .description("1 while records are processed, else 0")
                .register(meters);
    }

    private void sample() {
        sampled.gauge("unpark.stream.lag", "Records of a topic that wait", "topic", app::lags);
        sampled.gauge(
                "unpark.stream.store.bytes",
                "Size of a store on this process's disk and heap",
                "store",
                app::storeBytes);
        sampled.counter(
                "unpark.stream.refused", "Records that were refused, by topic and reason", "reason", app::refused);
        sampled.counter("unpark.stream.left.out", "What was left out at a limit", "what", app::limited);
        sampled.counter(
                "unpark.stream.detector.faults",
                "Exceptions of a detector, which is left out for a while then",
                "detector",
                () -> app.detectorFaults().stream()
                        .collect(Collectors.toMap(DetectorFault::detector, DetectorFault::count, Long::sum)));
        sampled.start();
    }

    private void orderCounter(
            MeterRegistry meters, String name, String description, ToLongFunction<OrderStatus> value) {
        FunctionCounter.builder("unpark.stream." + name, app, it -> value.applyAsLong(it.orderStatus()))
                .description(description)
                .register(meters);
    }

    private void counter(MeterRegistry meters, String name, String description, ToLongFunction<StreamsStatus> value) {
        FunctionCounter.builder("unpark.stream." + name, app, it -> value.applyAsLong(it.status()))
                .description(description)
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
        sampled.close();
        app.close();
    }
}
