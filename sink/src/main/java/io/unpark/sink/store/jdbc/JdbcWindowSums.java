package io.unpark.sink.store.jdbc;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.unpark.sink.store.RouteTotals;
import io.unpark.sink.store.ServiceTotals;
import io.unpark.sink.store.StoreException;
import io.unpark.sink.store.VersionSeen;
import io.unpark.sink.store.WindowRange;
import io.unpark.sink.store.WindowSums;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;

/** Adds windows up by JDBC, one after the other: they need not fit into memory. */
final class JdbcWindowSums implements WindowSums {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final long NS_PER_S = 1_000_000_000L;
    private static final int ROUTES_MAX = 2_000;
    private static final int VERSIONS_MAX = 200;
    private static final int INSTANCES_MAX = 1_000;
    private static final List<String> LEVELS = List.of(
            "instances",
            "goroutines",
            "goroutines_by_creation",
            "goroutines_by_reason",
            "heap_live_bytes",
            "heap_goal_bytes",
            "procs");

    private final Database database;

    JdbcWindowSums(Database database) {
        this.database = database;
    }

    @Override
    public RouteTotals routes(WindowRange range) {
        RouteSum sum = new RouteSum();
        int[] documents = {0};
        boolean truncated = forEach("route", range, window -> {
            documents[0]++;
            sum.add(window);
        });
        ObjectNode json = sum.json(JsonNodeFactory.instance.objectNode());
        return new RouteTotals(json, sum.edges(), documents[0], truncated);
    }

    @Override
    public ServiceTotals service(WindowRange range, Optional<String> version) {
        RuntimeSum runtime = new RuntimeSum();
        boolean truncated = forEach("runtime", range, window -> {
            if (isOf(version, window)) {
                runtime.add(window, RuntimeSum.OVER_TIME);
            }
        });
        Map<String, RouteSum> routes = new TreeMap<>();
        truncated |= forEach("route", range, window -> {
            String route = window.path("route").asText();
            if (isOf(version, window) && (routes.containsKey(route) || routes.size() < ROUTES_MAX)) {
                routes.computeIfAbsent(route, name -> new RouteSum()).add(window);
            }
        });
        TreeMap<String, ObjectNode> byRoute = new TreeMap<>();
        routes.forEach((route, sum) -> byRoute.put(route, sum.json(JsonNodeFactory.instance.objectNode())));
        ObjectNode processes = runtime.json(JsonNodeFactory.instance.objectNode());
        processes.remove(LEVELS);
        return new ServiceTotals(processes, byRoute, truncated || routes.size() == ROUTES_MAX);
    }

    private static boolean isOf(Optional<String> version, JsonNode window) {
        return version.isEmpty() || version.get().equals(window.path("version").asText());
    }

    /** What is known of a version so far. */
    private static final class Seen {
        final TreeSet<String> instances = new TreeSet<>();
        long firstNs = Long.MAX_VALUE;
        long lastNs = Long.MIN_VALUE;

        void add(JsonNode window) {
            firstNs = Math.min(firstNs, ns(window.path("start").asText()));
            lastNs = Math.max(lastNs, ns(window.path("end").asText()));
            if (window.has("instance") && instances.size() < INSTANCES_MAX) {
                instances.add(window.path("instance").asText());
            }
        }
    }

    private static long ns(String time) {
        Instant at = Instant.parse(time);
        return at.getEpochSecond() * NS_PER_S + at.getNano();
    }

    @Override
    public List<VersionSeen> versions(WindowRange range) {
        Map<String, Seen> seen = new TreeMap<>();
        forEach("runtime", range, window -> {
            String version = window.path("version").asText();
            if (seen.containsKey(version) || seen.size() < VERSIONS_MAX) {
                seen.computeIfAbsent(version, name -> new Seen()).add(window);
            }
        });
        return seen.entrySet().stream()
                .map(entry -> new VersionSeen(
                        entry.getKey(), entry.getValue().firstNs, entry.getValue().lastNs, entry.getValue().instances))
                .sorted(Comparator.comparingLong(VersionSeen::firstNs).thenComparing(VersionSeen::version))
                .toList();
    }

    /** The newest first. @return whether there are more than may be read */
    private boolean forEach(String what, WindowRange range, Consumer<JsonNode> taker) {
        List<Object> parameters = new ArrayList<>();
        String sql = WindowCover.sql(what, range, parameters);
        return database.<Boolean, StoreException>transaction("adding windows up", connection -> {
            int[] taken = {0};
            Database.forEach(
                    connection,
                    sql,
                    row -> {
                        if (taken[0]++ < range.documentsMax()) {
                            taker.accept(parse(row.getString(2)));
                        }
                    },
                    parameters.toArray());
            return taken[0] > range.documentsMax();
        });
    }

    private static JsonNode parse(String document) {
        try {
            return JSON.readTree(document);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a stored document is not JSON", e);
        }
    }
}
