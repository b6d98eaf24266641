package io.unpark.sink.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.javalin.http.Context;
import io.unpark.analysis.json.UtcTime;
import io.unpark.sink.store.StateRule;
import io.unpark.sink.store.StoredAnomaly;
import io.unpark.sink.store.TrendQueries;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;

/** {@code /api/v1/overview}: what is open by service and kind, what is new, what grows. A few kilobytes, however much is open. */
final class OverviewResource {
    private static final int LIST_MAX = 8;
    private static final int SERVICES_MAX = 200;
    private static final long HOUR_NS = 3_600L * 1_000_000_000;
    private static final long RECENT_NS = 24 * HOUR_NS;
    private static final long OPENED_HOURS = 48;
    private static final long NS_PER_MS = 1_000_000;

    private final TrendQueries trends;
    private final Supplier<StateRule> rule;
    private final Clock clock;

    OverviewResource(TrendQueries trends, Supplier<StateRule> rule, Clock clock) {
        this.trends = trends;
        this.rule = rule;
        this.clock = clock;
    }

    /** "Lately" ends at the newest window, which may be of a replayed past. */
    void get(Context context) {
        new Parameters(context, clock, List.of());
        StateRule now = rule.get();
        long clockNs = clock.millis() * NS_PER_MS;
        long newestNs = trends.newestNs(clockNs);
        long atNs = newestNs == 0 ? clockNs : newestNs;
        long recentNs = atNs - RECENT_NS;
        ObjectNode body = Answers.JSON.createObjectNode();
        body.put("at", UtcTime.text(atNs)).put("recent_since", UtcTime.text(recentNs));
        putServices(body, trends.open(now, recentNs));
        putOpened(body.putArray("opened"), atNs);
        putLists(body, now, recentNs);
        Answers.json(context, body);
    }

    private static void putServices(ObjectNode body, List<TrendQueries.Cell> cells) {
        Map<String, List<TrendQueries.Cell>> byService = new LinkedHashMap<>();
        cells.forEach(cell -> byService
                .computeIfAbsent(cell.service(), name -> new ArrayList<>())
                .add(cell));
        List<String> worstFirst = new ArrayList<>(byService.keySet());
        worstFirst.sort(Comparator.comparingLong((String service) -> -open(byService.get(service), "critical"))
                .thenComparingLong(service -> -open(byService.get(service), "warning"))
                .thenComparingLong(service -> -open(byService.get(service), "info"))
                .thenComparing(Comparator.naturalOrder()));
        ObjectNode severities = body.putObject("open");
        List.of("critical", "warning", "info").forEach(severity -> severities.put(severity, open(cells, severity)));
        ArrayNode services = body.putArray("services");
        for (String service : worstFirst.subList(0, Math.min(SERVICES_MAX, worstFirst.size()))) {
            ArrayNode own = services.addObject().put("service", service).putArray("cells");
            for (TrendQueries.Cell cell : byService.get(service)) {
                own.addObject()
                        .put("kind", cell.kind())
                        .put("severity", cell.severity())
                        .put("open", cell.open())
                        .put("new", cell.recent());
            }
        }
        body.put("services_left_out", worstFirst.size() - services.size());
    }

    private static long open(List<TrendQueries.Cell> cells, String severity) {
        return cells.stream()
                .filter(cell -> cell.severity().equals(severity))
                .mapToLong(TrendQueries.Cell::open)
                .sum();
    }

    /** Every hour, also those without any. */
    private void putOpened(ArrayNode array, long atNs) {
        long lastNs = Math.floorDiv(atNs, HOUR_NS) * HOUR_NS;
        Map<Long, ObjectNode> hours = new TreeMap<>();
        for (long hour = 0; hour < OPENED_HOURS; hour++) {
            long hourNs = lastNs - (OPENED_HOURS - 1 - hour) * HOUR_NS;
            hours.put(hourNs, array.addObject().put("hour", UtcTime.text(hourNs)));
        }
        for (TrendQueries.Opened opened : trends.opened(lastNs - (OPENED_HOURS - 1) * HOUR_NS)) {
            ObjectNode hour = hours.get(opened.hourNs());
            if (hour != null) {
                hour.put(opened.severity(), opened.count());
            }
        }
    }

    private void putLists(ObjectNode body, StateRule now, long recentNs) {
        List<String> newest = trends.newest(now, LIST_MAX);
        List<TrendQueries.Grown> grown = trends.grown(now, recentNs, LIST_MAX);
        Set<String> ids = new LinkedHashSet<>(newest);
        grown.forEach(one -> ids.add(one.id()));
        Map<String, StoredAnomaly> found = trends.find(ids, now);
        Map<String, SortedMap<Long, Long>> hours = trends.hours(ids, recentNs);
        ArrayNode newestJson = body.putArray("newest");
        newest.stream().filter(found::containsKey).forEach(id -> newestJson.add(item(id, found, hours)));
        ArrayNode grownJson = body.putArray("growing");
        for (TrendQueries.Grown one : grown) {
            if (found.containsKey(one.id())) {
                grownJson.add(item(one.id(), found, hours).put("before", one.before()));
            }
        }
    }

    private static ObjectNode item(
            String id, Map<String, StoredAnomaly> found, Map<String, SortedMap<Long, Long>> hours) {
        StoredAnomaly stored = found.get(id);
        ObjectNode json = EdgeEvidence.brief(Answers.parse(stored.document()), stored);
        ArrayNode counts = json.putArray("counts");
        hours.getOrDefault(id, new TreeMap<>())
                .forEach((hourNs, count) ->
                        counts.addObject().put("hour", UtcTime.text(hourNs)).put("count", count));
        return json;
    }
}
