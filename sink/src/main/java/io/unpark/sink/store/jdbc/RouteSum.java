package io.unpark.sink.store.jdbc;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.unpark.analysis.model.Histogram;
import io.unpark.sink.store.Saturating;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Windows of one route as one: all of it adds up, whatever the order. */
final class RouteSum {
    private static final List<String> SPLIT =
            List.of("running_ns", "runnable_ns", "syscall_ns", "gc_assist_ns", "stop_the_world_ns");
    private static final int REASONS_MAX = 50;
    private static final int EDGES_MAX = 64;
    private static final int EDGES_OF_A_SERVICE_MAX = 256;
    private static final int ROOTS_MAX = 16;
    private static final int SLOWEST_MAX = 16;

    private final Map<String, Long> split = new TreeMap<>();
    private final Map<String, Long> blocked = new TreeMap<>();
    private final Map<String, ObjectNode> edges = new TreeMap<>();
    private final Map<String, ObjectNode> roots = new TreeMap<>();
    private final Map<String, ObjectNode> slowest = new TreeMap<>();
    private final long[] latency = new long[Histogram.BUCKETS];
    private long slowNs = Long.MIN_VALUE;
    private long windows;
    private long coveredNs;
    private long count;

    void add(JsonNode window) {
        windows = Saturating.add(windows, Sums.windows(window));
        coveredNs = Saturating.add(coveredNs, Sums.coveredNs(window));
        count = Saturating.add(count, window.path("count").asLong());
        Sums.addBuckets(latency, window.path("latency"));
        Sums.add(split, window.path("split"), SPLIT, Saturating::add);
        Sums.addAll(blocked, window.path("split").path("blocked_ns"), Saturating::add);
        addEach(edges, window.path("edges"), List.of("count", "with_deadline"));
        addEach(roots, window.path("roots"), List.of("requests", "explained_ns"));
        window.path("slowest").forEach(this::addSlow);
    }

    private void addSlow(JsonNode slow) {
        long ns = durationNs(slow);
        if (ns < slowNs) {
            return;
        }
        String request = slow.path("request").asText();
        ObjectNode known = slowest.get(request);
        if (known == null || ns > durationNs(known)) {
            slowest.put(request, slow.deepCopy());
        }
        if (slowest.size() > 2 * SLOWEST_MAX) {
            List<ObjectNode> kept = largest(slowest, "duration_ns", SLOWEST_MAX);
            slowest.values().retainAll(kept);
            slowNs = durationNs(kept.get(SLOWEST_MAX - 1));
        }
    }

    private static long durationNs(JsonNode slow) {
        return slow.path("duration_ns").asLong();
    }

    /** Adds up the objects that agree in all but their sums. */
    private static void addEach(Map<String, ObjectNode> into, JsonNode objects, List<String> sums) {
        for (JsonNode object : objects) {
            String identity = identity(object, sums);
            ObjectNode sum = into.get(identity);
            if (sum == null) {
                into.put(identity, object.deepCopy());
                continue;
            }
            for (String name : sums) {
                sum.put(
                        name,
                        Saturating.add(
                                sum.path(name).asLong(), object.path(name).asLong()));
            }
        }
    }

    /** With the values' lengths, so that no two texts of different objects are equal. */
    private static String identity(JsonNode object, List<String> sums) {
        StringBuilder text = new StringBuilder(120);
        object.properties().forEach(entry -> {
            if (!sums.contains(entry.getKey())) {
                String value = entry.getValue().asText();
                text.append(entry.getKey())
                        .append(' ')
                        .append(value.length())
                        .append(' ')
                        .append(value);
            }
        });
        return text.toString();
    }

    private static List<ObjectNode> largest(Map<String, ObjectNode> objects, String by, int most) {
        // Sorting is stable, and a TreeMap's order depends on nothing but its keys.
        List<ObjectNode> sorted = new ArrayList<>(objects.values());
        sorted.sort(Comparator.comparingLong(object -> -object.path(by).asLong()));
        return sorted.subList(0, Math.min(most, sorted.size()));
    }

    /** With the names of a raw window, and how many of those it holds. */
    ObjectNode json(RollUpKey key, RollUpSpan span) {
        return json(key.head(span));
    }

    /** The same, of all routes of a service. */
    ObjectNode service(RollUpSpan span) {
        return json(RollUpKey.ALL.head(span), EDGES_OF_A_SERVICE_MAX);
    }

    /** How many edges there are before the largest are chosen. */
    int edges() {
        return edges.size();
    }

    ObjectNode json(ObjectNode head) {
        return json(head, EDGES_MAX);
    }

    private ObjectNode json(ObjectNode head, int edgesMax) {
        ObjectNode json = head.put("windows", windows).put("covered_ns", coveredNs);
        json.put("count", count);
        json.set("latency", Sums.histogram(latency));
        ObjectNode times = Sums.numbers(split);
        times.set("blocked_ns", Sums.largest(blocked, REASONS_MAX));
        json.set("split", times);
        put(json.putArray("edges"), largest(edges, "count", edgesMax));
        put(json.putArray("roots"), largest(roots, "explained_ns", ROOTS_MAX));
        put(json.putArray("slowest"), largest(slowest, "duration_ns", SLOWEST_MAX));
        return json;
    }

    private static void put(ArrayNode array, List<ObjectNode> objects) {
        objects.forEach(array::add);
    }
}
