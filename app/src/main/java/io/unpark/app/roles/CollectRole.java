package io.unpark.app.roles;

import io.javalin.config.JavalinConfig;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.unpark.app.console.UserError;
import io.unpark.app.process.Archive;
import io.unpark.app.process.Closing;
import io.unpark.app.process.WebServer;
import io.unpark.ingest.capture.AskLimits;
import io.unpark.ingest.config.CollectorConfig;
import io.unpark.schemas.Topic;
import io.unpark.schemas.Topics;
import io.unpark.sink.api.SinkRoutes;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.kafka.clients.admin.Admin;

/** The collector: takes traces and race logs over HTTP. It keeps nothing, so any number may run behind one address. */
public final class CollectRole implements Role {
    private static final Duration READY_WITHIN = Duration.ofSeconds(2);

    private final Clock clock;
    private final Closing closing = new Closing();
    private final PrometheusMeterRegistry metrics = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private Collector collector;
    private Admin admin;
    private WebServer web;
    private volatile Feeds feeds;

    private CollectRole(Clock clock) {
        this.clock = clock;
    }

    /**
     * Starts it; when this returns, pushes are taken.
     *
     * @param asks how often anomalies may ask for traces; empty: never
     * @param archive of what is accepted; closed with this role, or when it does not start
     * @throws UserError when the cluster, its topics, the registry or the port is not there
     */
    public static CollectRole start(
            Cluster cluster,
            Address address,
            Optional<Archive> archive,
            Optional<AskLimits> asks,
            Clock clock,
            Consumer<String> stage) {
        CollectRole role = new CollectRole(clock);
        archive.ifPresent(it -> role.closing.add("archive", it).count(role.metrics));
        try {
            WebServer.requireFree(address.host(), address.port());
            stage.accept("looking for the cluster and its topics");
            cluster.require(topics(asks.isPresent()));
            role.admin = role.closing.add("cluster check", Admin.create(cluster.kafka()));
            role.collector = role.closing.add(
                    "producer", new Collector(cluster, Archive.listener(archive), clock, role.metrics));
            asks.ifPresent(role.collector::captureOnAnomalies);
            role.web = role.closing.add(
                    "web server",
                    WebServer.start(address.host(), address.port(), address.security(), role.metrics, role::register));
            role.closing.add("captures", role.collector.captures());
            return role;
        } catch (RuntimeException | Error e) {
            role.close();
            throw e;
        }
    }

    private static List<Topic<?, ?>> topics(boolean anomaliesAsk) {
        List<Topic<?, ?>> topics = new ArrayList<>(
                List.of(Topics.TRACE_CHUNKS, Topics.RACE_REPORTS, Topics.PROFILE_SNAPSHOTS, Topics.TRACE_CHUNKS_DLQ));
        if (anomaliesAsk) {
            topics.add(Topics.ANOMALIES);
        }
        return topics;
    }

    /**
     * Starts what it fetches by itself.
     *
     * @param state folder where it remembers how far it read, if it has to
     * @return this
     * @throws UserError when a folder cannot be used; this is closed then
     */
    public CollectRole feed(CollectorConfig config, Path state) {
        try {
            feeds = closing.add("feeds", collector.feed(config, state, clock, metrics));
            return this;
        } catch (RuntimeException | Error e) {
            close();
            throw e;
        }
    }

    private Map<String, Object> status() {
        Map<String, Object> body = new LinkedHashMap<>(collector.status());
        body.put("not_let_in", web.refused());
        Feeds started = feeds;
        if (started != null) {
            body.putAll(started.status());
        }
        return body;
    }

    private void register(JavalinConfig server) {
        collector.register(server);
        SinkRoutes.registerStatus(server, this::status);
        SinkRoutes.registerOperations(server, Map.of("kafka", () -> Cluster.trouble(admin, READY_WITHIN)), metrics);
    }

    @Override
    public String url() {
        return web.url();
    }

    @Override
    public Optional<String> failure() {
        return Optional.empty();
    }

    @Override
    public void close() {
        closing.close();
    }
}
