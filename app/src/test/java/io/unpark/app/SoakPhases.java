package io.unpark.app;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** What happened when in a soak of the collector, and what was measured meanwhile. Times are Unix seconds. */
final class SoakPhases {
    private final TreeMap<Long, String> names = new TreeMap<>();
    private final TreeMap<Long, Integer> acceptedIn = new TreeMap<>();
    private long ended;

    boolean isEmpty() {
        return names.isEmpty();
    }

    void begin(String name) {
        names.put(System.currentTimeMillis() / 1000, name);
    }

    void end() {
        ended = System.currentTimeMillis() / 1000;
    }

    /** A generation was accepted then. */
    void accepted(long unixMs) {
        Long phase = names.floorKey(unixMs / 1000);
        acceptedIn.merge(phase == null ? 0 : phase, 1, Integer::sum);
    }

    /** The median of the agents' medians in each phase, and of their 99th percentiles. */
    void print(List<JsonNode> reports) {
        Map<Long, List<Long>> medians = new TreeMap<>();
        Map<Long, List<Long>> p99s = new TreeMap<>();
        for (JsonNode report : reports) {
            for (JsonNode second : report.path("requests")) {
                Long phase = names.floorKey(second.path("unix").asLong());
                if (phase != null) {
                    medians.computeIfAbsent(phase, key -> new ArrayList<>())
                            .add(second.path("p50_us").asLong());
                    p99s.computeIfAbsent(phase, key -> new ArrayList<>())
                            .add(second.path("p99_us").asLong());
                }
            }
        }
        System.out.println("phase               requests' p50 us     p99 us   accepted a second");
        medians.forEach((phase, values) -> System.out.printf(
                Locale.ROOT,
                "%-20s %15d %10d %10d%n",
                names.get(phase),
                percentile(values, 50),
                percentile(p99s.get(phase), 99),
                acceptedIn.getOrDefault(phase, 0) / seconds(phase)));
    }

    /** How long a phase lasted. */
    private long seconds(long phase) {
        Long next = names.higherKey(phase);
        return Math.max(1, (next == null ? ended : next) - phase);
    }

    private static long percentile(List<Long> values, int percent) {
        List<Long> sorted = values.stream().sorted().toList();
        return sorted.get(Math.min(sorted.size() - 1, sorted.size() * percent / 100));
    }
}
