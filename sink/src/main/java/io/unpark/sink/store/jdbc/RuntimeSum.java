package io.unpark.sink.store.jdbc;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.unpark.analysis.model.Histogram;
import io.unpark.sink.store.Saturating;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongBinaryOperator;

/**
 * Windows of instances as one, by integers and whatever their order. What is counted adds up. A level, such as goroutines or
 * bytes, adds up over the instances of one time, and over time its highest counts.
 */
final class RuntimeSum {
    static final LongBinaryOperator OVER_TIME = Math::max;
    static final LongBinaryOperator OVER_INSTANCES = Saturating::add;

    private static final List<String> LEVELS =
            List.of("instances", "goroutines", "heap_live_bytes", "heap_goal_bytes", "procs");
    private static final List<String> COUNTED =
            List.of("gc_worker_ns", "gc_assist_ns", "gc_cycles", "stop_the_world_ns", "busy_ns");
    private static final List<String> LONGEST = List.of("stop_the_world_max_ns");
    private static final int NAMES_MAX = 20;

    private final Map<String, Long> numbers = new TreeMap<>();
    private final Map<String, Long> byCreation = new TreeMap<>();
    private final Map<String, Long> byReason = new TreeMap<>();
    private final long[] latency = new long[Histogram.BUCKETS];
    private long windows;
    private long coveredNs;

    /** @param levels {@link #OVER_TIME} or {@link #OVER_INSTANCES}: a sum takes only windows of one of both */
    void add(JsonNode window, LongBinaryOperator levels) {
        windows = Saturating.add(windows, Sums.windows(window));
        coveredNs = Saturating.add(coveredNs, Sums.coveredNs(window));
        Sums.add(numbers, window, LEVELS, levels);
        if (!window.has("instances")) {
            numbers.merge("instances", 1L, levels::applyAsLong);
        }
        Sums.add(numbers, window, COUNTED, Saturating::add);
        Sums.add(numbers, window, LONGEST, Math::max);
        Sums.addAll(byCreation, window.path("goroutines_by_creation"), levels);
        Sums.addAll(byReason, window.path("goroutines_by_reason"), levels);
        Sums.addBuckets(latency, window.path("sched_latency"));
    }

    /** With the names of a raw window, and how many of those it holds. */
    ObjectNode json(RollUpKey key, RollUpSpan span) {
        return json(key.head(span));
    }

    ObjectNode json(ObjectNode head) {
        ObjectNode json = head.put("windows", windows).put("covered_ns", coveredNs);
        numbers.forEach(json::put);
        json.set("goroutines_by_creation", Sums.largest(byCreation, NAMES_MAX));
        json.set("goroutines_by_reason", Sums.largest(byReason, NAMES_MAX));
        json.set("sched_latency", Sums.histogram(latency));
        return json;
    }
}
