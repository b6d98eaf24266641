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
import io.unpark.ingest.capture.AnomalyWatch;
import io.unpark.ingest.capture.AskLimits;
import io.unpark.ingest.capture.CaptureDesk;
import io.unpark.ingest.capture.CaptureStatus;
import io.unpark.ingest.capture.ScrapedProcesses;
import io.unpark.ingest.config.CollectorConfig;
import java.nio.file.Path;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.function.ToLongFunction;

/** The collector as a part of a process: the routes that take pushes, and the producer behind them. */
public final class Collector implements AutoCloseable {
    private final ChunkProducer producer;
    private final IngestRoutes routes;
    private final Cluster cluster;
    private final LongSupplier nowUnixNs;
    private AnomalyWatch watch;

    /** @param meters get what was taken in, as {@code unpark.ingest.*} */
    public Collector(Cluster cluster, Clock clock, MeterRegistry meters) {
        this(cluster, AcceptedListener.NONE, clock, meters);
    }

    /** As the other; {@code listener} is told of what was acknowledged. */
    public Collector(Cluster cluster, AcceptedListener listener, Clock clock, MeterRegistry meters) {
        this.cluster = cluster;
        nowUnixNs = () -> Math.multiplyExact(clock.millis(), 1_000_000L);
        producer = new ChunkProducer(cluster.kafka(), cluster.layout(), cluster.serdes(), listener);
        routes = new IngestRoutes(producer, IngestLimits.DEFAULT, nowUnixNs);
        count(meters);
    }

    private void count(MeterRegistry meters) {
        counter(
                meters,
                "generations",
                "Generations of traces that the broker acknowledged",
                IngestStatus::acceptedGenerations);
        counter(meters, "bytes", "Bytes of those, decompressed", IngestStatus::acceptedBytes);
        counter(meters, "race.reports", "Race reports that the broker acknowledged", IngestStatus::acceptedRaceReports);
        FunctionCounter.builder("unpark.ingest.profiles", routes, IngestRoutes::acceptedProfiles)
                .description("Profiles that the broker acknowledged")
                .register(meters);
        counter(meters, "dead.letters", "Traces of unknown versions that were kept", IngestStatus::deadLetters);
        for (String reason : IngestStatus.reasons()) {
            FunctionCounter.builder(
                            "unpark.ingest.refused",
                            routes,
                            it -> it.status().refused().getOrDefault(reason, 0L))
                    .description("Pushes and files that were refused, wholly or in part")
                    .tag("reason", reason)
                    .register(meters);
        }
        Gauge.builder("unpark.ingest.running.pushes", routes, it -> it.status().runningPushes())
                .description("Pushes that are under way")
                .register(meters);
        Gauge.builder("unpark.ingest.waiting.pushes", routes, it -> it.status().waitingPushes())
                .description("Pushes that wait for others to end")
                .register(meters);
        captureCounter(meters, "captures", "Captures that somebody asked for", CaptureStatus::asked);
        captureCounter(
                meters, "captures.by.anomalies", "Captures that anomalies asked for", CaptureStatus::askedByAnomalies);
        captureCounter(
                meters,
                "captured.generations",
                "Generations that came because of captures",
                CaptureStatus::generations);
        captureCounter(
                meters,
                "agents.dropped.generations",
                "Generations that agents had to drop",
                CaptureStatus::droppedByAgents);
        Gauge.builder(
                        "unpark.ingest.polling.agents",
                        routes,
                        it -> it.captures().status().agents())
                .description("Agents that asked for work lately")
                .register(meters);
    }

    private void captureCounter(
            MeterRegistry meters, String name, String description, ToLongFunction<CaptureStatus> value) {
        FunctionCounter.builder(
                        "unpark.ingest." + name,
                        routes,
                        it -> value.applyAsLong(it.captures().status()))
                .description(description)
                .register(meters);
    }

    private void counter(MeterRegistry meters, String name, String description, ToLongFunction<IngestStatus> value) {
        FunctionCounter.builder("unpark.ingest." + name, routes, it -> value.applyAsLong(it.status()))
                .description(description)
                .register(meters);
    }

    /** Lets anomalies of this cluster ask for traces from now on; without this they never do. */
    public void captureOnAnomalies(AskLimits limits) {
        watch = new AnomalyWatch(
                cluster.kafka(), cluster.layout(), cluster.serdes(), routes.captures(), limits, nowUnixNs);
    }

    /** Traces on demand. To be closed before the web server is: agents wait for its answers. */
    public CaptureDesk captures() {
        return routes.captures();
    }

    /** Adds all of {@code /ingest/v1}. */
    public void register(JavalinConfig server) {
        routes.register(server.routes);
    }

    public ChunkProducer producer() {
        return producer;
    }

    /** Starts what a collector fetches by itself; to be closed before this. */
    public Feeds feed(CollectorConfig config, Path state, Clock clock, MeterRegistry meters) {
        Feeds feeds = Feeds.start(config, state, routes.intake(), clock, meters);
        feeds.scrapers().ifPresent(it -> routes.captures().use(new ScrapedProcesses(it)));
        return feeds;
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
        body.put("waiting_pushes", now.waitingPushes());
        body.put("generations", now.acceptedGenerations());
        body.put("bytes", now.acceptedBytes());
        body.put("race_reports", now.acceptedRaceReports());
        body.put("profiles", routes.acceptedProfiles());
        body.put("refused", now.refused());
        body.put("kept_traces", now.deadLetters());
        body.put("kept_trace_bytes", now.deadLetterBytes());
        body.put("captures", captureStatus());
        return body;
    }

    /** For the status: what was captured on demand, and for anomalies that asked. */
    public Map<String, Object> captureStatus() {
        CaptureStatus now = routes.captures().status();
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("agents", now.agents());
        body.put("open", now.open());
        body.put("asked", now.asked());
        body.put("asked_by_anomalies", now.askedByAnomalies());
        body.put("generations", now.generations());
        body.put("refused", now.refused());
        body.put("dropped_by_agents", now.droppedByAgents());
        if (watch != null) {
            body.put("anomalies", watch.outcomes());
        }
        return body;
    }

    @Override
    public void close() {
        if (watch != null) {
            watch.close();
        }
        producer.close();
    }
}
