package io.unpark.app.roles;

import io.javalin.config.JavalinConfig;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.unpark.app.console.UserError;
import io.unpark.app.process.Archive;
import io.unpark.app.process.Closing;
import io.unpark.app.process.WebServer;
import io.unpark.schemas.Topics;
import io.unpark.sink.api.SinkRoutes;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.kafka.clients.admin.Admin;

/** The collector: takes traces and race logs over HTTP. It keeps nothing, so any number may run behind one address. */
public final class CollectRole implements Role {
    private static final Duration READY_WITHIN = Duration.ofSeconds(2);

    private final Closing closing = new Closing();
    private final PrometheusMeterRegistry metrics = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private Collector collector;
    private Admin admin;
    private WebServer web;

    private CollectRole() {}

    /**
     * Starts it; when this returns, pushes are taken.
     *
     * @param archive of what is accepted; closed with this role, or when it does not start
     * @throws UserError when the cluster, its topics, the registry or the port is not there
     */
    public static CollectRole start(
            Cluster cluster, Address address, Optional<Archive> archive, Clock clock, Consumer<String> stage) {
        CollectRole role = new CollectRole();
        archive.ifPresent(it -> role.closing.add("archive", it).count(role.metrics));
        try {
            WebServer.requireFree(address.host(), address.port());
            stage.accept("looking for the cluster and its topics");
            cluster.require(List.of(Topics.TRACE_CHUNKS, Topics.RACE_REPORTS, Topics.TRACE_CHUNKS_DLQ));
            role.admin = role.closing.add("cluster check", Admin.create(cluster.kafka()));
            role.collector = role.closing.add(
                    "producer", new Collector(cluster, Archive.listener(archive), clock, role.metrics));
            role.web = role.closing.add(
                    "web server",
                    WebServer.start(address.host(), address.port(), address.security(), role.metrics, role::register));
            return role;
        } catch (RuntimeException | Error e) {
            role.close();
            throw e;
        }
    }

    private void register(JavalinConfig server) {
        collector.register(server);
        SinkRoutes.registerStatus(server, this::status);
        SinkRoutes.registerOperations(server, Map.of("kafka", () -> Cluster.trouble(admin, READY_WITHIN)), metrics);
    }

    private Map<String, Object> status() {
        Map<String, Object> body = new LinkedHashMap<>(collector.status());
        body.put("not_let_in", web.refused());
        return body;
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
