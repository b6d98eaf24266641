package io.unpark.sink.store.jdbc;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.filter.FilteringParserDelegate;
import com.fasterxml.jackson.core.filter.TokenFilter;
import com.fasterxml.jackson.core.filter.TokenFilter.Inclusion;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.unpark.sink.store.RouteTotals;
import io.unpark.sink.store.ServiceName;
import io.unpark.sink.store.ServiceTotals;
import io.unpark.sink.store.StoreException;
import io.unpark.sink.store.VersionSeen;
import io.unpark.sink.store.WindowRange;
import io.unpark.sink.store.WindowStep;
import io.unpark.sink.store.WindowSums;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;

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

    private static final List<String> OTHERS = List.of("edges", "roots", "slowest");
    private static final TokenFilter TIMES = new TokenFilter() {
        @Override
        public TokenFilter includeProperty(String name) {
            return OTHERS.contains(name) ? null : TokenFilter.INCLUDE_ALL;
        }
    };
    private static final String SERVICES = """
            SELECT namespace, service, document FROM service_rollups
            WHERE step_s = ? AND start_ns >= ? AND start_ns < ? ORDER BY start_ns DESC FETCH FIRST ? ROWS ONLY""";

    private final Database database;

    JdbcWindowSums(Database database) {
        this.database = database;
    }

    @Override
    public RouteTotals routes(WindowRange range) {
        Read<ReadSum> read = read("route", range, JdbcWindowSums::parse, ReadSum::new, ReadSum::add, sum -> false);
        return read.value.totals(read.truncated);
    }

    /** What was read of a service. */
    private static final class ReadSum {
        final RouteSum sum = new RouteSum();
        int documents;

        void add(JsonNode window) {
            documents++;
            sum.add(window);
        }

        RouteTotals totals(boolean truncated) {
            return new RouteTotals(sum.json(JsonNodeFactory.instance.objectNode()), sum.edges(), documents, truncated);
        }
    }

    @Override
    public Map<ServiceName, RouteTotals> routes(WindowStep step, long sinceNs, long untilNs, int documentsMax) {
        Map<ServiceName, ReadSum> sums = new HashMap<>();
        int[] taken = {0};
        database.<Void, StoreException>transaction("adding services up", connection -> {
            Database.forEach(
                    connection,
                    SERVICES,
                    row -> {
                        if (taken[0]++ < documentsMax) {
                            var name = new ServiceName(row.getString(1), row.getString(2));
                            sums.computeIfAbsent(name, key -> new ReadSum()).add(parse(row.getString(3)));
                        }
                    },
                    step.seconds(),
                    sinceNs,
                    untilNs,
                    documentsMax + 1);
            return null;
        });
        Map<ServiceName, RouteTotals> totals = new HashMap<>();
        sums.forEach((name, sum) -> totals.put(name, sum.totals(taken[0] > documentsMax)));
        return totals;
    }

    @Override
    public ServiceTotals service(WindowRange range, Optional<String> version) {
        Read<RuntimeSum> runtime = read(
                "runtime",
                range,
                JdbcWindowSums::parse,
                RuntimeSum::new,
                (sum, window) -> {
                    if (isOf(version, window)) {
                        sum.add(window, RuntimeSum.OVER_TIME);
                    }
                },
                sum -> false);
        Read<Map<String, RouteSum>> routes = read(
                "route",
                range,
                JdbcWindowSums::parseTimes,
                TreeMap::new,
                (sums, window) -> {
                    String route = window.path("route").asText();
                    if (isOf(version, window) && (sums.containsKey(route) || sums.size() < ROUTES_MAX)) {
                        sums.computeIfAbsent(route, name -> new RouteSum()).add(window);
                    }
                },
                sums -> sums.size() == ROUTES_MAX);
        TreeMap<String, ObjectNode> byRoute = new TreeMap<>();
        routes.value.forEach((route, sum) -> {
            ObjectNode json = sum.json(JsonNodeFactory.instance.objectNode());
            byRoute.put(route, json.remove(OTHERS));
        });
        ObjectNode processes = runtime.value.json(JsonNodeFactory.instance.objectNode());
        processes.remove(LEVELS);
        boolean truncated = runtime.truncated || routes.truncated || routes.value.size() == ROUTES_MAX;
        return new ServiceTotals(processes, byRoute, truncated);
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
        Map<String, Seen> seen = this.<Map<String, Seen>>read(
                        "runtime",
                        range,
                        JdbcWindowSums::parse,
                        TreeMap::new,
                        (versions, window) -> {
                            String version = window.path("version").asText();
                            if (versions.containsKey(version) || versions.size() < VERSIONS_MAX) {
                                versions.computeIfAbsent(version, name -> new Seen())
                                        .add(window);
                            }
                        },
                        versions -> versions.size() == VERSIONS_MAX)
                .value;
        return seen.entrySet().stream()
                .map(entry -> new VersionSeen(
                        entry.getKey(), entry.getValue().firstNs, entry.getValue().lastNs, entry.getValue().instances))
                .sorted(Comparator.comparingLong(VersionSeen::firstNs).thenComparing(VersionSeen::version))
                .toList();
    }

    /** @param truncated there were more windows than may be read: the oldest are not in it */
    private record Read<T>(T value, boolean truncated) {}

    /**
     * In any order: sorting costs as much as reading, and only where there are too many it matters which are left out.
     *
     * @param full whether the sum may have left something out
     */
    private <T> Read<T> read(
            String what,
            WindowRange range,
            Function<String, JsonNode> parser,
            Supplier<T> empty,
            BiConsumer<T, JsonNode> adder,
            Predicate<T> full) {
        Read<T> read = read(what, range, false, parser, empty, adder);
        return read.truncated || full.test(read.value) ? read(what, range, true, parser, empty, adder) : read;
    }

    private <T> Read<T> read(
            String what,
            WindowRange range,
            boolean newestFirst,
            Function<String, JsonNode> parser,
            Supplier<T> empty,
            BiConsumer<T, JsonNode> adder) {
        List<Object> parameters = new ArrayList<>();
        String sql = WindowCover.sql(what, range, newestFirst, parameters);
        T value = empty.get();
        return database.<Read<T>, StoreException>transaction("adding windows up", connection -> {
            int[] taken = {0};
            Database.forEach(
                    connection,
                    sql,
                    row -> {
                        if (taken[0]++ < range.documentsMax()) {
                            adder.accept(value, parser.apply(row.getString(1)));
                        }
                    },
                    parameters.toArray());
            return new Read<>(value, taken[0] > range.documentsMax());
        });
    }

    private static JsonNode parse(String document) {
        try {
            return JSON.readTree(document);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a stored document is not JSON", e);
        }
    }

    /** Without the lists that are most of a route's document. */
    private static JsonNode parseTimes(String document) {
        try (JsonParser parser =
                new FilteringParserDelegate(JSON.createParser(document), TIMES, Inclusion.INCLUDE_ALL_AND_PATH, true)) {
            return JSON.readTree(parser);
        } catch (IOException e) {
            throw new IllegalStateException("a stored document is not JSON", e);
        }
    }
}
