package io.unpark.app.allinone;

import io.javalin.config.JavalinConfig;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.unpark.analysis.config.AnalysisConfig;
import io.unpark.app.console.UserError;
import io.unpark.app.process.Archive;
import io.unpark.app.process.Closing;
import io.unpark.app.process.DataFolder;
import io.unpark.app.process.RefusedInputs;
import io.unpark.app.process.WebServer;
import io.unpark.app.roles.Address;
import io.unpark.app.roles.Cluster;
import io.unpark.app.roles.Collector;
import io.unpark.app.roles.DatabaseFault;
import io.unpark.app.roles.Feeds;
import io.unpark.app.roles.Topologies;
import io.unpark.embedded.EmbeddedKafka;
import io.unpark.embedded.EmbeddedRegistry;
import io.unpark.ingest.ChunkProducer;
import io.unpark.ingest.capture.AskLimits;
import io.unpark.ingest.config.CollectorConfig;
import io.unpark.ingest.security.WebSecurity;
import io.unpark.schemas.TopicAdmin;
import io.unpark.schemas.TopicLayout;
import io.unpark.schemas.registry.RegistryConfig;
import io.unpark.sink.Sink;
import io.unpark.sink.SinkConfig;
import io.unpark.sink.notify.NotifyConfig;
import io.unpark.sink.store.StoreException;
import io.unpark.streams.StreamsOptions;
import io.unpark.streams.StreamsStatus;
import java.io.IOException;
import java.net.BindException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.ProducerConfig;

/**
 * Broker, registry, topologies, sink and web server in one process, on one loopback port, with all data in one folder. What was
 * acknowledged survives a restart on the same folder.
 */
public final class AllInOne implements AutoCloseable {
    /** One machine: more partitions would only be more tasks for the same cores. */
    static final TopicLayout LAYOUT = TopicLayout.DEFAULT.withPartitions(2);

    private static final Duration ADMIN_TIMEOUT = Duration.ofSeconds(30);

    private final Closing closing = new Closing();
    private final PrometheusMeterRegistry metrics = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final Clock clock;
    private final NotifyConfig notifications;
    private final RefusedInputs refused;
    private EmbeddedKafka kafka;
    private EmbeddedRegistry registry;
    private Cluster cluster;
    private Topologies topologies;
    private Sink sink;
    private Optional<Archive> archive = Optional.empty();
    private Collector collector;
    private WebServer web;
    private volatile Feeds feeds;

    private AllInOne(Clock clock, NotifyConfig notifications) {
        this.clock = clock;
        this.notifications = notifications;
        this.refused = new RefusedInputs(clock);
    }

    /**
     * Starts everything; when this returns, pushes are taken. Closes the folder when it is closed itself, or fails.
     *
     * @param ports on the loopback address
     * @param stage told what is being started
     * @throws UserError when the port is taken or the folder cannot be used
     */
    public static AllInOne start(
            DataFolder data, PortChoice ports, AnalysisConfig analysis, Clock clock, Consumer<String> stage) {
        Address web = new Address(WebServer.loopback(), ports.web(), WebSecurity.Options.NONE);
        return start(data, Optional.empty(), ports, web, analysis, clock, stage);
    }

    /**
     * As the other; the archive of what is accepted is closed with it too. Nobody is told of anomalies.
     *
     * @param address of the web server, which may be another one than the loopback's
     */
    public static AllInOne start(
            DataFolder data,
            Optional<Archive> archive,
            PortChoice ports,
            Address address,
            AnalysisConfig analysis,
            Clock clock,
            Consumer<String> stage) {
        return start(data, archive, ports, address, analysis, NotifyConfig.NONE, clock, stage);
    }

    /**
     * As the other.
     *
     * @param notifications who is told of anomalies
     */
    public static AllInOne start(
            DataFolder data,
            Optional<Archive> archive,
            PortChoice ports,
            Address address,
            AnalysisConfig analysis,
            NotifyConfig notifications,
            Clock clock,
            Consumer<String> stage) {
        AllInOne all = new AllInOne(clock, notifications);
        all.closing.add("data folder", data);
        all.archive = archive;
        archive.ifPresent(it -> all.closing.add("archive", it).count(all.metrics));
        try {
            // Before anything slow: whoever has the wrong port wants to know now.
            WebServer.requireFree(address.host(), address.port());
            all.startParts(data.path(), ports, address, analysis, stage);
            return all;
        } catch (BindException e) {
            all.close();
            throw UserError.environment("a port of the broker or the registry is taken: " + e.getMessage()
                    + "; leave the choice to unpark, or choose others");
        } catch (IOException e) {
            all.close();
            throw UserError.environment("cannot start on " + data.path() + ": " + e.getMessage());
        } catch (RuntimeException | Error e) {
            all.close();
            throw e;
        }
    }

    private void startParts(
            Path folder, PortChoice ports, Address address, AnalysisConfig analysis, Consumer<String> stage)
            throws IOException {
        stage.accept("starting the broker");
        kafka = closing.add("broker", EmbeddedKafka.start(folder, ports.kafka(), Map.of()));
        registry = closing.add("registry", EmbeddedRegistry.start(kafka.bootstrap(), ports.registry()));
        cluster = new Cluster(clientConfig(), RegistryConfig.of(registry.url()), LAYOUT);
        stage.accept("creating the topics");
        createTopics();
        stage.accept("starting the sink");
        startSink(folder.resolve("sink"));
        stage.accept("starting the topologies");
        startStreams(folder.resolve("streams"), analysis);
        stage.accept("starting the web server");
        startWeb(address);
    }

    private Map<String, Object> clientConfig() {
        return Map.of(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, kafka.bootstrap());
    }

    private void createTopics() {
        try (Admin admin = Admin.create(cluster.kafka())) {
            new TopicAdmin(admin, LAYOUT, ADMIN_TIMEOUT).create();
        }
    }

    private void startSink(Path folder) {
        SinkConfig config = SinkConfig.embedded(kafka.bootstrap(), registry.url(), folder)
                .withTopics(LAYOUT)
                .withNotifications(notifications);
        sink = closing.add("sink", new Sink(config, clock, metrics, refused::list, this::moreStatus));
        try {
            sink.start();
        } catch (StoreException e) {
            throw DatabaseFault.error(
                    e,
                    "when it is damaged, move " + folder + " away: a new one is made, and read from the topics again");
        }
    }

    /**
     * Starts what the collector fetches by itself.
     *
     * @param state folder where it remembers how far it read, if it has to
     * @throws UserError when a folder cannot be used
     */
    public void feed(CollectorConfig config, Path state) {
        feeds = closing.add("feeds", collector.feed(config, state, clock, metrics));
    }

    private Map<String, Object> moreStatus() {
        Map<String, Object> sections = new HashMap<>();
        if (topologies != null) {
            sections.putAll(topologies.status());
        }
        if (collector != null) {
            sections.put("captures", collector.captureStatus());
        }
        Feeds started = feeds;
        if (started != null) {
            sections.putAll(started.status());
        }
        return sections;
    }

    private void startStreams(Path folder, AnalysisConfig analysis) {
        Map<String, Object> config = new HashMap<>(cluster.kafka());
        // On a busy machine the first request of a transaction may be told to come back; those behind it would be
        // refused as
        // out of order until it does, each with an error in the log. On the loopback one at a time is as fast.
        config.put("producer." + ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION, 1);
        StreamsOptions options =
                StreamsOptions.of(config, folder).withLayout(LAYOUT).withAnalysis(analysis);
        topologies = closing.add("topologies", Topologies.start(cluster, options, metrics));
        refused.watch("topologies", topologies::refused);
    }

    private void startWeb(Address address) {
        collector = closing.add("producer", new Collector(cluster, Archive.listener(archive), clock, metrics));
        refused.watch("ingest", collector::refused);
        web = closing.add(
                "web server",
                WebServer.start(address.host(), address.port(), address.security(), metrics, this::configure));
        closing.add("captures", collector.captures());
        refused.watch("http", web::refused);
    }

    private void configure(JavalinConfig config) {
        collector.register(config);
        config.routes.after("/ingest/*", context -> refused.look());
        sink.register(config);
        sink.registerOperations(config, Map.<String, Supplier<Optional<String>>>of("topologies", topologies::trouble));
    }

    /** Takes traces and race reports, as the HTTP routes do. */
    public ChunkProducer producer() {
        return collector.producer();
    }

    /** Lets anomalies ask for traces from now on; without this they never do. */
    public void captureOnAnomalies(AskLimits limits) {
        collector.captureOnAnomalies(limits);
    }

    /** Where the page and the API are. */
    public String url() {
        return web.url();
    }

    /** Kafka's {@code bootstrap.servers}, for consumers of the topics. */
    public String bootstrap() {
        return kafka.bootstrap();
    }

    /** Where the registry is, for consumers of the topics. */
    public String registryUrl() {
        return registry.url();
    }

    /** The documents of all anomalies, in the contract's JSON without {@code state}. */
    public List<String> anomalies(boolean withPossible) {
        return StoredAnomalies.all(sink, withPossible);
    }

    /**
     * Waits until everything that was acknowledged so far has gone through all stages and is in the database.
     *
     * @return false when it took longer
     */
    public boolean awaitProcessed(Duration timeout) throws InterruptedException {
        long beganNs = System.nanoTime();
        boolean through = topologies.app().awaitProcessed(topologies.app().inputEnds(), timeout);
        Duration rest = timeout.minusNanos(System.nanoTime() - beganNs);
        return through && sink.awaitProcessed(sink.endOffsets(), rest.isNegative() ? Duration.ZERO : rest);
    }

    /** Generations, reports, findings and what was refused, since the start. */
    public StreamsStatus streamsStatus() {
        return topologies.app().status();
    }

    /** No more pushes first, then what processes them, the broker last; each commits what it has. */
    @Override
    public void close() {
        closing.close();
    }
}
