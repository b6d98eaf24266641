package io.unpark.sink.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.javalin.http.Context;
import io.unpark.analysis.json.UtcTime;
import io.unpark.sink.store.PlacedWindow;
import io.unpark.sink.store.ServiceName;
import io.unpark.sink.store.ServiceSummary;
import io.unpark.sink.store.StateRule;
import io.unpark.sink.store.WindowQueries;
import io.unpark.sink.store.WindowStep;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** {@code /api/v1/services} and their windows. */
final class ServicesResource {
    private static final List<String> PARAMETERS = List.of("namespace", "since", "limit", "step", "cursor");
    private static final List<String> LIST_PARAMETERS = List.of("limit", "cursor");
    private static final String LIST = "services";
    private static final int LIMIT_DEFAULT = 1_000;
    private static final int LIMIT_MAX = 5_000;
    private static final long MINUTE_NS = 60L * 1_000_000_000;

    private final WindowQueries windows;
    private final Supplier<StateRule> rule;
    private final Clock clock;

    ServicesResource(WindowQueries windows, Supplier<StateRule> rule, Clock clock) {
        this.windows = windows;
        this.rule = rule;
        this.clock = clock;
    }

    void list(Context context) {
        Parameters parameters = new Parameters(context, clock, LIST_PARAMETERS);
        int limit = parameters.number("limit", LIMIT_DEFAULT, 1, LIMIT_MAX);
        Optional<ServiceName> after = parameters
                .text("cursor")
                .map(text -> Cursor.decode(LIST, 2, text))
                .map(place -> new ServiceName(place.get(0), place.get(1)));
        List<ServiceSummary> page = windows.services(rule.get(), after, limit);
        ObjectNode body = Answers.JSON.createObjectNode();
        ArrayNode items = body.putArray("items");
        for (ServiceSummary service : page) {
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
        if (page.size() == limit) {
            ServiceSummary last = page.get(limit - 1);
            body.put("next", Cursor.encode(LIST, List.of(last.namespace(), last.service())));
        } else {
            body.putNull("next");
        }
        Answers.json(context, body);
    }

    /** Without {@code since}: some time before the newest window, which may be of a replayed past. */
    void windows(Context context) {
        Parameters parameters = new Parameters(context, clock, PARAMETERS);
        String service = context.pathParam("service");
        Optional<String> namespace = parameters.text("namespace");
        int limit = parameters.number("limit", LIMIT_DEFAULT, 1, LIMIT_MAX);
        WindowStep step =
                parameters.oneOf("step", WindowStep.texts()).map(WindowStep::of).orElse(WindowStep.RAW);
        long newestNs = windows.newestWindowEndNs(namespace, service)
                .orElseThrow(() -> ProblemException.notFound("Nothing has come from a service '" + service + "'."));
        WindowCursor from = parameters
                .text("cursor")
                .map(text -> WindowCursor.of(step, text))
                .orElseGet(
                        () -> WindowCursor.newest(parameters.timeNs("since").orElse(newestNs - sinceDefaultNs(step))));
        List<PlacedWindow> runtime = windows.runtimePage(step, namespace, service, from.sinceNs(), from.items(), limit);
        List<PlacedWindow> routes = windows.routePage(step, namespace, service, from.sinceNs(), from.routes(), limit);
        boolean more = runtime.size() == limit || routes.size() == limit;
        ObjectNode body = Answers.JSON.createObjectNode();
        addAll(body.putArray("items"), runtime);
        addAll(body.putArray("routes"), routes);
        body.set("roots", RootSums.of(body.path("routes")));
        body.put("truncated", more);
        body.put("next", more ? from.after(runtime, routes).text(step) : null);
        Answers.json(context, body);
    }

    private static long sinceDefaultNs(WindowStep step) {
        return switch (step) {
            case RAW -> 15 * MINUTE_NS;
            case MINUTE -> 6 * 60 * MINUTE_NS;
            case HOUR -> 14 * 24 * 60 * MINUTE_NS;
        };
    }

    private static void addAll(ArrayNode array, List<PlacedWindow> newestFirst) {
        for (int i = newestFirst.size() - 1; i >= 0; i--) {
            array.add(Answers.parse(newestFirst.get(i).document()));
        }
    }
}
