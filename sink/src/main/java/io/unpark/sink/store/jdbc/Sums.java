package io.unpark.sink.store.jdbc;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.unpark.analysis.model.Histogram;
import io.unpark.sink.store.Saturating;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.LongBinaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Integer sums over windows' JSON. They stop at the largest long instead of turning negative. */
final class Sums {
    private static final long NS_PER_S = 1_000_000_000L;
    private static final long COVERED_S_MAX = 86_400;

    /** By name, as documents have them. */
    private static final Map<String, Integer> BUCKETS = IntStream.range(0, Histogram.BUCKETS)
            .boxed()
            .collect(Collectors.toUnmodifiableMap(i -> Integer.toString(i), Function.identity()));

    private Sums() {}

    /** Takes those numbers of an object that are there. */
    static void add(Map<String, Long> sums, JsonNode object, List<String> names, LongBinaryOperator fold) {
        for (String name : names) {
            if (object.has(name)) {
                sums.merge(name, object.path(name).asLong(), fold::applyAsLong);
            }
        }
    }

    /** Takes all numbers of an object. */
    static void addAll(Map<String, Long> sums, JsonNode object, LongBinaryOperator fold) {
        object.properties()
                .forEach(entry -> sums.merge(entry.getKey(), entry.getValue().asLong(), fold::applyAsLong));
    }

    static void addBuckets(long[] counts, JsonNode histogram) {
        histogram.path("buckets").properties().forEach(entry -> {
            int i = BUCKETS.getOrDefault(entry.getKey(), -1);
            if (i >= 0) {
                counts[i] = Saturating.add(counts[i], entry.getValue().asLong());
            }
        });
    }

    /** As a raw window has it. */
    static ObjectNode histogram(long[] counts) {
        Histogram histogram = Histogram.of(counts);
        ObjectNode json = JsonNodeFactory.instance.objectNode().put("count", histogram.total());
        json.put("p50_ns", histogram.quantileNs(500));
        json.put("p90_ns", histogram.quantileNs(900));
        json.put("p99_ns", histogram.quantileNs(990));
        ObjectNode buckets = json.putObject("buckets");
        for (int i = 0; i < counts.length; i++) {
            if (counts[i] != 0) {
                buckets.put(Integer.toString(i), counts[i]);
            }
        }
        return json;
    }

    /** How many raw windows are in a window. */
    static long windows(JsonNode window) {
        return window.path("windows").asLong(1);
    }

    /** How much of the time its raw windows cover, summed over instances. */
    static long coveredNs(JsonNode window) {
        if (window.has("covered_ns") || !window.has("start") || !window.has("end")) {
            return window.path("covered_ns").asLong();
        }
        Instant start = Instant.parse(window.path("start").asText());
        Instant end = Instant.parse(window.path("end").asText());
        long seconds = Math.min(end.getEpochSecond() - start.getEpochSecond(), COVERED_S_MAX);
        return Math.max(0, seconds * NS_PER_S + end.getNano() - start.getNano());
    }

    /** The largest, by name. */
    static ObjectNode largest(Map<String, Long> values, int most) {
        Map<String, Long> kept = new TreeMap<>();
        values.entrySet().stream()
                .sorted(Map.Entry.<String, Long>comparingByValue(Comparator.reverseOrder())
                        .thenComparing(Map.Entry.comparingByKey()))
                .limit(most)
                .forEach(entry -> kept.put(entry.getKey(), entry.getValue()));
        return numbers(kept);
    }

    static ObjectNode numbers(Map<String, Long> values) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        new LinkedHashMap<>(values).forEach(json::put);
        return json;
    }
}
