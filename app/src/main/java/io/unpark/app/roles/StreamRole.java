package io.unpark.app.roles;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.unpark.analysis.config.AnalysisConfig;
import io.unpark.app.console.UserError;
import io.unpark.app.process.Closing;
import io.unpark.app.process.DataFolder;
import io.unpark.app.process.WebServer;
import io.unpark.schemas.Topics;
import io.unpark.sink.api.SinkRoutes;
import io.unpark.streams.StreamsOptions;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** The three topologies. Any number of such processes share the work. */
public final class StreamRole implements Role {
    private final Closing closing = new Closing();
    private final PrometheusMeterRegistry metrics = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private Topologies topologies;
    private WebServer web;

    private StreamRole() {}

    /**
     * Starts it.
     *
     * @param state of its stores; closed with this role, or when it does not start
     * @throws UserError when the cluster, its topics, the registry or the port is not there
     */
    public static StreamRole start(
            Cluster cluster,
            DataFolder state,
            AnalysisConfig analysis,
            int threads,
            Address address,
            Consumer<String> stage) {
        StreamRole role = new StreamRole();
        role.closing.add("state folder", state);
        try {
            WebServer.requireFree(address.host(), address.port());
            stage.accept("looking for the cluster and its topics");
            cluster.require(Topics.all());
            stage.accept("starting the topologies");
            role.startTopologies(cluster, state, analysis, threads);
            role.startWeb(address);
            return role;
        } catch (RuntimeException | Error e) {
            role.close();
            throw e;
        }
    }

    private void startTopologies(Cluster cluster, DataFolder state, AnalysisConfig analysis, int threads) {
        StreamsOptions options = StreamsOptions.of(cluster.kafkaOfStreams(), state.path())
                .withLayout(cluster.layout())
                .withAnalysis(analysis)
                .withThreads(threads);
        topologies = closing.add("topologies", Topologies.start(cluster, options, metrics));
    }

    private void startWeb(Address address) {
        web = closing.add(
                "web server", WebServer.start(address.host(), address.port(), address.security(), metrics, server -> {
                    SinkRoutes.registerStatus(server, topologies::statusWithLag);
                    SinkRoutes.registerOperations(server, Map.of("topologies", topologies::trouble), metrics);
                }));
    }

    @Override
    public String url() {
        return web.url();
    }

    @Override
    public Optional<String> failure() {
        return topologies.failure();
    }

    @Override
    public void close() {
        closing.close();
    }
}
