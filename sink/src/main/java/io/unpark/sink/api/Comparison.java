package io.unpark.sink.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.unpark.sink.store.GraphQueries;
import io.unpark.sink.store.ServiceTotals;
import io.unpark.sink.store.StateRule;
import io.unpark.sink.store.StoredAnomaly;
import io.unpark.sink.store.WindowRange;
import io.unpark.sink.store.WindowStep;
import io.unpark.sink.store.WindowSums;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;

/** Two sides of a service, side by side. */
final class Comparison {
    private static final int ROUTES_MAX = 100;
    private static final int ANOMALIES_READ_MAX = 2_000;
    private static final int ANOMALIES_MAX = 100;
    private static final long NS_PER_S = 1_000_000_000L;

    private final WindowSums sums;
    private final GraphQueries anomalies;
    private final StateRule rule;
    private final WindowRange of;

    /** @param of whose windows; its times do not count */
    Comparison(WindowSums sums, GraphQueries anomalies, StateRule rule, WindowRange of) {
        this.sums = sums;
        this.anomalies = anomalies;
        this.rule = rule;
        this.of = of;
    }

    void write(ObjectNode body, CompareSide a, CompareSide b) {
        ServiceTotals before = totals(body.putObject("a"), a);
        ServiceTotals after = totals(body.putObject("b"), b);
        body.put("overlap", a.overlaps(b));
        putRoutes(body, before, after);
        putAnomalies(body.putObject("anomalies"), a, b);
    }

    /** Of the finest step that still has windows of that time: those as they came go first, then minutes. */
    private ServiceTotals totals(ObjectNode json, CompareSide side) {
        WindowRange range = WindowRange.of(of.namespace(), of.service(), side.sinceNs(), side.windowsUntilNs());
        ServiceTotals totals = null;
        for (WindowStep step : WindowStep.values()) {
            if (step.compareTo(range.step()) >= 0 && (totals == null || isEmpty(totals))) {
                range = range.with(step);
                totals = sums.service(range, side.version());
            }
        }
        json.setAll(side.json());
        json.put("step", range.step().text()).put("truncated", totals.truncated());
        json.set("runtime", totals.runtime());
        return totals;
    }

    private static boolean isEmpty(ServiceTotals totals) {
        return totals.runtime().path("windows").asLong() == 0 && totals.routes().isEmpty();
    }

    /** Those that took most time in both together first. */
    private static void putRoutes(ObjectNode body, ServiceTotals before, ServiceTotals after) {
        TreeSet<String> names = new TreeSet<>(before.routes().keySet());
        names.addAll(after.routes().keySet());
        List<String> sorted = new ArrayList<>(names);
        sorted.sort(Comparator.comparingLong(route -> -timeNs(before, route) - timeNs(after, route)));
        ArrayNode routes = body.putArray("routes");
        for (String route : sorted.subList(0, Math.min(ROUTES_MAX, sorted.size()))) {
            ObjectNode json = routes.addObject().put("route", route);
            putSide(json, "a", before, route);
            putSide(json, "b", after, route);
        }
        body.put("routes_left_out", sorted.size() - routes.size());
    }

    private static long timeNs(ServiceTotals totals, String route) {
        JsonNode sum = totals.routes().get(route);
        return sum == null ? 0 : JsonSums.numbers(sum.path("split"));
    }

    private static void putSide(ObjectNode json, String name, ServiceTotals totals, String route) {
        ObjectNode sum = totals.routes().get(route);
        if (sum == null) {
            return;
        }
        long count = sum.path("count").asLong();
        ObjectNode side = json.putObject(name).put("count", count);
        // Percentiles are known by powers of two; the mean is exact.
        side.put("mean_ns", count == 0 ? 0 : timeNs(totals, route) / count);
        for (String quantile : List.of("p50_ns", "p90_ns", "p99_ns")) {
            side.set(quantile, sum.path("latency").path(quantile));
        }
        side.set("split", sum.path("split"));
    }

    private void putAnomalies(ObjectNode json, CompareSide a, CompareSide b) {
        ArrayNode gone = json.putArray("gone");
        ArrayNode fresh = json.putArray("new");
        ArrayNode both = json.putArray("both");
        List<StoredAnomaly> seen = anomalies.seenWithin(
                of.namespace(),
                of.service(),
                Math.min(a.sinceNs(), b.sinceNs()),
                Math.max(a.untilNs(), b.untilNs()),
                rule,
                ANOMALIES_READ_MAX);
        int leftOut = 0;
        for (StoredAnomaly stored : seen) {
            ObjectNode anomaly = Answers.parse(stored.document());
            long firstNs = ns(anomaly.path("first_seen"));
            long lastNs = ns(anomaly.path("last_seen"));
            boolean before = a.has(anomaly, firstNs, lastNs);
            boolean after = b.has(anomaly, firstNs, lastNs);
            if (before || after) {
                ArrayNode list = before && after ? both : before ? gone : fresh;
                if (list.size() < ANOMALIES_MAX) {
                    list.add(EdgeEvidence.brief(anomaly, stored));
                } else {
                    leftOut++;
                }
            }
        }
        json.put("left_out", leftOut).put("truncated", seen.size() == ANOMALIES_READ_MAX);
    }

    private static long ns(JsonNode time) {
        if (!time.isTextual()) {
            return 0;
        }
        Instant at = Instant.parse(time.asText());
        return at.getEpochSecond() * NS_PER_S + at.getNano();
    }
}
