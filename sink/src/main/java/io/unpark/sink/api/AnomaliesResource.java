package io.unpark.sink.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.javalin.http.Context;
import io.unpark.analysis.json.UtcTime;
import io.unpark.analysis.model.Kind;
import io.unpark.analysis.model.Severity;
import io.unpark.sink.store.AnomalyCount;
import io.unpark.sink.store.AnomalyFilter;
import io.unpark.sink.store.AnomalyQueries;
import io.unpark.sink.store.AnomalyRanking;
import io.unpark.sink.store.AnomalyState;
import io.unpark.sink.store.StateRule;
import io.unpark.sink.store.StoredAnomaly;
import io.unpark.sink.store.WindowStep;
import java.time.Clock;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SortedSet;
import java.util.function.Supplier;

/** {@code /api/v1/anomalies}. */
final class AnomaliesResource {
    private static final List<String> PARAMETERS = List.of(
            "service", "namespace", "kind", "severity", "state", "since", "all", "limit", "cursor", "order", "open");
    private static final List<String> STATES = Arrays.stream(AnomalyState.values())
            .map(state -> state.name().toLowerCase(Locale.ROOT))
            .toList();
    private static final List<String> SEVERITIES =
            Arrays.stream(Severity.values()).map(Severity::id).toList();
    private static final String WORST = "worst";
    private static final List<String> ORDERS = List.of("newest", WORST);
    private static final List<String> COUNT_STEPS = List.of(WindowStep.MINUTE.text(), WindowStep.HOUR.text());
    private static final int COUNTS_MAX = 1_500;
    private static final int LIMIT_DEFAULT = 100;
    private static final int LIMIT_MAX = 1_000;

    private final AnomalyQueries anomalies;
    private final AnomalyRanking ranking;
    private final Supplier<StateRule> rule;
    private final Clock clock;

    AnomaliesResource(AnomalyQueries anomalies, AnomalyRanking ranking, Supplier<StateRule> rule, Clock clock) {
        this.anomalies = anomalies;
        this.ranking = ranking;
        this.rule = rule;
        this.clock = clock;
    }

    void list(Context context) {
        Parameters parameters = new Parameters(context, clock, PARAMETERS);
        boolean worstFirst =
                parameters.oneOf("order", ORDERS).filter(WORST::equals).isPresent();
        boolean withOpen = parameters.flag("open");
        AnomalyFilter filter = filter(parameters, worstFirst);
        ObjectNode body =
                worstFirst ? worst(filter, parameters.text("cursor").map(AnomaliesResource::place)) : newest(filter);
        if (withOpen) {
            ArrayNode open = body.putArray("open");
            for (AnomalyRanking.Open some : ranking.open(filter, rule.get())) {
                open.addObject()
                        .put("kind", some.kind())
                        .put("severity", some.severity())
                        .put("count", some.count());
            }
        }
        Answers.json(context, body);
    }

    private ObjectNode newest(AnomalyFilter filter) {
        List<StoredAnomaly> page = anomalies.list(filter, rule.get());
        ObjectNode body = Answers.JSON.createObjectNode();
        ArrayNode items = body.putArray("items");
        page.forEach(anomaly -> items.add(item(anomaly)));
        return page.size() == filter.limit()
                ? body.put("next", Cursor.encode(page.get(page.size() - 1).seq()))
                : body.putNull("next");
    }

    private ObjectNode worst(AnomalyFilter filter, Optional<AnomalyRanking.Place> after) {
        List<AnomalyRanking.Ranked> page = ranking.page(filter, after, rule.get());
        ObjectNode body = Answers.JSON.createObjectNode();
        ArrayNode items = body.putArray("items");
        page.forEach(ranked -> items.add(item(ranked.anomaly())));
        if (page.size() < filter.limit()) {
            return body.putNull("next");
        }
        AnomalyRanking.Place last = page.get(page.size() - 1).place();
        List<String> place = List.of(last.state().name(), last.severity(), Long.toString(last.lastSeenNs()), last.id());
        return body.put("next", Cursor.encode(WORST, place));
    }

    private static AnomalyRanking.Place place(String cursor) {
        List<String> place = Cursor.decode(WORST, 4, cursor);
        try {
            return new AnomalyRanking.Place(
                    AnomalyState.valueOf(place.get(0)), place.get(1), Long.parseLong(place.get(2)), place.get(3));
        } catch (IllegalArgumentException e) {
            throw Cursor.bad();
        }
    }

    private AnomalyFilter filter(Parameters parameters, boolean worstFirst) {
        return new AnomalyFilter(
                parameters.text("namespace"),
                parameters.text("service"),
                kind(parameters),
                parameters.oneOf("severity", SEVERITIES),
                parameters.oneOf("state", STATES).map(state -> AnomalyState.valueOf(state.toUpperCase(Locale.ROOT))),
                parameters.timeNs("since").orElse(Long.MIN_VALUE),
                parameters.flag("all"),
                worstFirst
                        ? Long.MAX_VALUE
                        : parameters.text("cursor").map(Cursor::decode).orElse(Long.MAX_VALUE),
                parameters.number("limit", LIMIT_DEFAULT, 1, LIMIT_MAX));
    }

    /** Kinds of this version and those in the database, which a later version may have put there. */
    private Optional<String> kind(Parameters parameters) {
        Optional<String> given = parameters.text("kind");
        if (given.isEmpty() || Kind.of(given.get()).isPresent()) {
            return given;
        }
        SortedSet<String> allowed = anomalies.kinds();
        Arrays.stream(Kind.values()).map(Kind::id).forEach(allowed::add);
        return parameters.oneOf("kind", allowed);
    }

    void one(Context context) {
        String id = context.pathParam("id");
        StoredAnomaly anomaly = anomalies.find(id, rule.get()).orElseThrow(() -> unknown(id));
        Answers.json(context, item(anomaly));
    }

    /** How many it stood for over time. */
    void counts(Context context) {
        WindowStep step = new Parameters(context, clock, List.of("step"))
                .oneOf("step", COUNT_STEPS)
                .map(WindowStep::of)
                .orElse(WindowStep.MINUTE);
        String id = context.pathParam("id");
        anomalies.find(id, rule.get()).orElseThrow(() -> unknown(id));
        ObjectNode body = Answers.JSON.createObjectNode().put("step", step.text());
        ArrayNode items = body.putArray("items");
        for (AnomalyCount count : anomalies.counts(id, step, COUNTS_MAX)) {
            items.addObject().put("start", UtcTime.text(count.startNs())).put("count", count.subjects());
        }
        Answers.json(context, body);
    }

    static ProblemException unknown(String id) {
        return ProblemException.notFound("There is no anomaly with the id '" + id + "'.");
    }

    private static ObjectNode item(StoredAnomaly anomaly) {
        return Answers.parse(anomaly.document()).put("state", anomaly.state().name());
    }
}
