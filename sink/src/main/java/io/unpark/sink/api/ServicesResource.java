package io.unpark.sink.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.javalin.http.Context;
import io.unpark.analysis.json.UtcTime;
import io.unpark.sink.store.ServiceSummary;
import io.unpark.sink.store.StateRule;
import io.unpark.sink.store.WindowQueries;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** {@code /api/v1/services} and their windows. */
final class ServicesResource {
    private static final List<String> PARAMETERS = List.of("namespace", "since", "limit");
    private static final int LIMIT_DEFAULT = 1_000;
    private static final int LIMIT_MAX = 5_000;
    private static final long SINCE_DEFAULT_NS = 15L * 60 * 1_000_000_000;

    private final WindowQueries windows;
    private final Supplier<StateRule> rule;
    private final Clock clock;

    ServicesResource(WindowQueries windows, Supplier<StateRule> rule, Clock clock) {
        this.windows = windows;
        this.rule = rule;
        this.clock = clock;
    }

    void list(Context context) {
        ObjectNode body = Answers.JSON.createObjectNode();
        ArrayNode items = body.putArray("items");
        for (ServiceSummary service : windows.services(rule.get())) {
            ObjectNode item = items.addObject();
            item.put("namespace", service.namespace());
            item.put("service", service.service());
            item.put("instances", service.instances());
            item.put("goroutines", service.goroutines());
            item.put("open_anomalies", service.open());
            if (service.newestWindowEndNs() != 0) {
                item.put("newest_window", UtcTime.text(service.newestWindowEndNs()));
            }
            item.put(
                    "last_arrival",
                    Instant.ofEpochMilli(service.lastArrivalMs()).toString());
        }
        Answers.json(context, body);
    }

    /** Without {@code since}: the quarter of an hour before the newest window, which may be of a replayed past. */
    void windows(Context context) {
        Parameters parameters = new Parameters(context, clock, PARAMETERS);
        String service = context.pathParam("service");
        Optional<String> namespace = parameters.text("namespace");
        int limit = parameters.number("limit", LIMIT_DEFAULT, 1, LIMIT_MAX);
        long newestNs = windows.newestWindowEndNs(namespace, service)
                .orElseThrow(() -> ProblemException.notFound("Nothing has come from a service '" + service + "'."));
        long sinceNs = parameters.timeNs("since").orElse(newestNs - SINCE_DEFAULT_NS);
        ObjectNode body = Answers.JSON.createObjectNode();
        List<String> runtime = windows.runtimeWindows(namespace, service, sinceNs, limit);
        List<String> routes = windows.routeWindows(namespace, service, sinceNs, limit);
        addAll(body.putArray("items"), runtime);
        addAll(body.putArray("routes"), routes);
        body.set("roots", RootSums.of(body.path("routes")));
        body.put("truncated", runtime.size() == limit || routes.size() == limit);
        Answers.json(context, body);
    }

    private static void addAll(ArrayNode array, List<String> documents) {
        documents.forEach(document -> array.add(Answers.parse(document)));
    }
}
