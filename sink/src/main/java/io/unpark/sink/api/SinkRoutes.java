package io.unpark.sink.api;

import io.javalin.config.JavalinConfig;
import io.javalin.http.Handler;
import io.javalin.http.staticfiles.Location;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.unpark.sink.RefusedInput;
import io.unpark.sink.consume.ConsumerStatus;
import io.unpark.sink.store.StateRule;
import io.unpark.sink.store.jdbc.JdbcStorage;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** The routes of the sink, to be registered on a server that others may share. */
public final class SinkRoutes {
    private static final String WEB_FILES = "/io/unpark/sink/web";

    private final AnomaliesResource anomalies;
    private final TraceResource traces;
    private final ServicesResource services;
    private final RequestsResource requests;
    private final FlameResource flames;
    private final FlameExamples flameExamples;
    private final StatusResource status;
    private final EventsResource events;
    private final OverviewResource overview;
    private final GraphResource graph;
    private final CompareResource compare;

    /**
     * @param storage started
     * @param refused input that others of this process refused
     * @param moreStatus sections that others of this process add to the status
     */
    public SinkRoutes(
            JdbcStorage storage,
            ConsumerStatus consumer,
            Supplier<StateRule> rule,
            Supplier<List<RefusedInput>> refused,
            Supplier<Map<String, Object>> moreStatus,
            Clock clock) {
        this(storage, consumer, rule, refused, moreStatus, clock, EventLimits.DEFAULT);
    }

    SinkRoutes(
            JdbcStorage storage,
            ConsumerStatus consumer,
            Supplier<StateRule> rule,
            Supplier<List<RefusedInput>> refused,
            Supplier<Map<String, Object>> moreStatus,
            Clock clock,
            EventLimits eventLimits) {
        this.anomalies = new AnomaliesResource(storage.anomalies(), storage.ranking(), rule, clock);
        this.traces = new TraceResource(storage.anomalies(), storage.slices(), rule, clock);
        this.services = new ServicesResource(storage.windows(), rule, clock);
        this.requests = new RequestsResource(storage.requests());
        this.overview = new OverviewResource(storage.trends(), rule, clock);
        this.graph = new GraphResource(storage.windows(), storage.windowSums(), storage.graph(), rule, clock);
        this.compare = new CompareResource(storage.windows(), storage.windowSums(), storage.graph(), rule, clock);
        this.flames = new FlameResource(storage.profiles(), storage.windows(), clock);
        this.flameExamples = new FlameExamples(storage.requests(), traces, flames, clock);
        this.status = new StatusResource(consumer, storage.slices(), refused, moreStatus, clock);
        this.events = new EventsResource(new EventFeed(storage.changes(), rule, eventLimits), eventLimits, clock);
    }

    /** The API and the page. */
    public void register(JavalinConfig config) {
        config.routes.before(SecurityHeaders::add);
        get(config, "/api/v1/anomalies", anomalies::list);
        get(config, "/api/v1/anomalies/{id}", anomalies::one);
        get(config, "/api/v1/anomalies/{id}/downloads", traces::downloads);
        get(config, "/api/v1/anomalies/{id}/trace", traces::trace);
        get(config, "/api/v1/anomalies/{id}/perfetto", traces::perfetto);
        get(config, "/api/v1/anomalies/{id}/pprof", traces::pprof);
        get(config, "/api/v1/anomalies/{id}/counts", anomalies::counts);
        get(config, "/api/v1/anomalies/{id}/flame", flameExamples::anomaly);
        get(config, "/api/v1/requests/{id}/flame", flameExamples::request);
        get(config, "/api/v1/services/{service}/flame", flames::service);
        get(config, "/api/v1/services", services::list);
        get(config, "/api/v1/services/{service}/windows", services::windows);
        get(config, "/api/v1/services/{service}/compare", compare::get);
        get(config, "/api/v1/overview", overview::get);
        get(config, "/api/v1/graph", graph::get);
        get(config, "/api/v1/requests/{id}", requests::one);
        get(config, "/api/v1/status", status::get);
        get(config, "/api/v1/events", events::follow);
        config.events.serverStopping(events::close);
        OpenApiResource.register(config);
        get(config, "/api/*", context -> {
            throw ProblemException.notFound("There is nothing at " + context.path() + ".");
        });
        config.staticFiles.add(files -> {
            files.hostedPath = "/";
            files.directory = WEB_FILES;
            files.location = Location.CLASSPATH;
        });
    }

    /**
     * The routes for probes and scrapers.
     *
     * @param checks by name: empty when fine, else what is wrong; they do not throw
     */
    public static void registerOperations(
            JavalinConfig config, Map<String, Supplier<Optional<String>>> checks, PrometheusMeterRegistry metrics) {
        OperationsResource operations = new OperationsResource(checks, metrics);
        get(config, "/healthz", operations::health);
        get(config, "/readyz", operations::ready);
        get(config, "/metrics", operations::metrics);
    }

    /** {@code /api/v1/status} of a role that has no sink: {@code body} as JSON's own types. */
    public static void registerStatus(JavalinConfig config, Supplier<Map<String, Object>> body) {
        get(config, "/api/v1/status", context -> Answers.json(context, Answers.JSON.valueToTree(body.get())));
    }

    static void get(JavalinConfig config, String path, Handler handler) {
        config.routes.get(path, Answers.guarded(handler));
    }
}
