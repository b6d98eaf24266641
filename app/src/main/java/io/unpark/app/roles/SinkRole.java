package io.unpark.app.roles;

import io.javalin.config.JavalinConfig;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.unpark.app.console.UserError;
import io.unpark.app.process.Closing;
import io.unpark.app.process.DataFolder;
import io.unpark.app.process.WebServer;
import io.unpark.schemas.Topics;
import io.unpark.sink.Sink;
import io.unpark.sink.SinkConfig;
import io.unpark.sink.notify.NotifyConfig;
import io.unpark.sink.store.StorageConfig;
import io.unpark.sink.store.StoreException;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** Anomalies to a database; the API and the page. */
public final class SinkRole implements Role {
    private final Closing closing = new Closing();
    private final PrometheusMeterRegistry metrics = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private Sink sink;
    private WebServer web;

    private SinkRole() {}

    /**
     * Starts it.
     *
     * @param notifications who is told of anomalies
     * @param folder of a database in files, closed with this role, or when it does not start; empty for a server
     * @throws UserError when the cluster, its topics, the registry, the database or the port is not there
     */
    public static SinkRole start(
            Cluster cluster,
            StorageConfig storage,
            NotifyConfig notifications,
            Optional<DataFolder> folder,
            Address address,
            Clock clock,
            Consumer<String> stage) {
        SinkRole role = new SinkRole();
        folder.ifPresent(it -> role.closing.add("data folder", it));
        try {
            WebServer.requireFree(address.host(), address.port());
            stage.accept("looking for the cluster and its topics");
            // Chunks, for the slices of traces.
            cluster.require(List.of(
                    Topics.ANOMALIES,
                    Topics.REQUESTS,
                    Topics.RUNTIME_WINDOWS,
                    Topics.ROUTE_WINDOWS,
                    Topics.PROFILES,
                    Topics.TRACE_CHUNKS));
            stage.accept("starting the sink");
            role.startSink(config(cluster, storage).withNotifications(notifications), clock);
            role.web = role.closing.add(
                    "web server",
                    WebServer.start(address.host(), address.port(), address.security(), role.metrics, role::register));
            return role;
        } catch (StoreException e) {
            role.close();
            throw DatabaseFault.error(e, "check --db, or the folder");
        } catch (RuntimeException | Error e) {
            role.close();
            throw e;
        }
    }

    /** A prefix is another Unpark on the same cluster: a group of its own too. */
    private static SinkConfig config(Cluster cluster, StorageConfig storage) {
        SinkConfig it =
                SinkConfig.of(cluster.kafka(), cluster.registry(), storage).withTopics(cluster.layout());
        return new SinkConfig(
                it.kafka(),
                it.registry(),
                it.topics(),
                it.storage(),
                cluster.layout().prefix() + it.groupId(),
                it.quiet(),
                it.anomalyRetention(),
                it.windowRetention());
    }

    private void startSink(SinkConfig config, Clock clock) {
        sink = closing.add("sink", new Sink(config, clock, metrics, List::of));
        sink.start();
    }

    private void register(JavalinConfig server) {
        sink.register(server);
        sink.registerOperations(server, Map.of());
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
