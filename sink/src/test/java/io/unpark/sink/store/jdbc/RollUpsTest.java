package io.unpark.sink.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.unpark.analysis.json.UtcTime;
import io.unpark.sink.store.RollUpRetention;
import io.unpark.sink.store.RouteWindowRow;
import io.unpark.sink.store.RuntimeWindowRow;
import io.unpark.sink.store.SinkBatch;
import io.unpark.sink.store.StaleOwnerException;
import io.unpark.sink.store.StorageConfig;
import io.unpark.sink.store.StoreException;
import io.unpark.sink.store.WindowStep;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** Minutes and hours are a function of the windows that came, on every database. */
@ParameterizedClass(name = "{0}")
@MethodSource("databases")
class RollUpsTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final long NOW_MS = 1_795_392_000_000L;
    private static final long START_NS = NOW_MS * 1_000_000;
    private static final long SECOND_NS = 1_000_000_000L;
    private static final List<String> TABLES = List.of(
            "rollup_spans", "runtime_windows", "route_windows", "runtime_rollups", "route_rollups", "service_rollups");

    static Stream<TestDatabase> databases() {
        return TestDatabase.all();
    }

    @Parameter
    TestDatabase database;

    private StorageConfig config;
    private JdbcStorage storage;

    @BeforeEach
    void open() {
        config = database.empty();
        storage = new JdbcStorage(config);
        storage.start();
    }

    @AfterEach
    void close() {
        storage.close();
    }

    @Test
    void aMinuteAddsUpWhatIsCountedAndKeepsTheHighestLevel() throws Exception {
        // Given
        write(runtime("i1", "v1", 10, 100), runtime("i1", "v1", 11, 130), runtime("i2", "v1", 11, 7));
        write(runtime("i1", "v1", 61, 5_000));
        // When
        run();
        // Then
        List<JsonNode> minutes = runtimeOf(WindowStep.MINUTE);
        assertThat(minutes).hasSize(3);
        JsonNode first = minutes.get(0);
        assertThat(first.get("instance").asText()).isEqualTo("i1");
        assertThat(first.get("start").asText()).isEqualTo("2026-11-23T00:00:00.000000000Z");
        assertThat(first.get("end").asText()).isEqualTo("2026-11-23T00:01:00.000000000Z");
        assertThat(first.get("windows").asInt()).isEqualTo(2);
        assertThat(first.get("covered_ns").asLong()).isEqualTo(2 * SECOND_NS);
        assertThat(first.get("goroutines").asInt()).isEqualTo(130);
        assertThat(first.get("goroutines_by_creation").get("main.f").asInt()).isEqualTo(130);
        assertThat(first.get("gc_cycles").asInt()).isEqualTo(2);
        assertThat(first.get("stop_the_world_max_ns").asInt()).isEqualTo(130);
        assertThat(first.get("sched_latency").toString())
                .isEqualTo("{\"count\":12,\"p50_ns\":32768,\"p90_ns\":32768,\"p99_ns\":2097152,"
                        + "\"buckets\":{\"14\":11,\"20\":1}}");
    }

    @Test
    void anHourAddsLevelsOverTheInstancesOfAMinute() throws Exception {
        // Given: 107 in the first minute, 90 + 8 in the second
        write(runtime("i1", "v1", 10, 100), runtime("i2", "v1", 11, 7));
        write(runtime("i1", "v1", 70, 90), runtime("i2", "v1", 71, 8), runtime("i3", "v2", 71, 3));
        // When
        run();
        // Then
        List<JsonNode> hours = runtimeOf(WindowStep.HOUR);
        assertThat(hours).hasSize(2);
        assertThat(hours.get(0).has("instance")).isFalse();
        assertThat(hours.get(0).get("version").asText()).isEqualTo("v1");
        assertThat(hours.get(0).get("goroutines").asInt()).isEqualTo(107);
        assertThat(hours.get(0).get("instances").asInt()).isEqualTo(2);
        assertThat(hours.get(0).get("windows").asInt()).isEqualTo(4);
        assertThat(hours.get(0).get("gc_cycles").asInt()).isEqualTo(4);
        assertThat(hours.get(1).get("goroutines").asInt()).isEqualTo(3);
    }

    @Test
    void aRoutesWindowsAddUp() throws Exception {
        // Given
        write(route("i1", 10, "GET /a", 4), route("i2", 12, "GET /a", 6), route("i1", 10, "GET /b", 1));
        // When
        run();
        // Then
        List<JsonNode> hours = routesOf(WindowStep.HOUR);
        assertThat(hours).extracting(hour -> hour.get("route").asText()).containsExactly("GET /a", "GET /b");
        JsonNode hour = hours.get(0);
        assertThat(hour.get("count").asInt()).isEqualTo(10);
        assertThat(hour.get("latency").get("count").asInt()).isEqualTo(10);
        assertThat(hour.get("split").toString()).isEqualTo("{\"running_ns\":10,\"blocked_ns\":{\"select\":20}}");
        assertThat(hour.get("edges").toString())
                .isEqualTo("[{\"peer\":\"stock:80\",\"route\":\"GET /s\",\"count\":10,\"with_deadline\":2}]");
        assertThat(hour.get("roots").get(0).get("requests").asInt()).isEqualTo(10);
        assertThat(hour.get("slowest"))
                .extracting(slow -> slow.get("duration_ns").asInt())
                .containsExactly(6, 4);
    }

    @Test
    void aLateWindowAndOneThatComesAgainAreCountedOnce() throws Exception {
        write(runtime("i1", "v1", 10, 100));
        run();
        // When
        write(runtime("i1", "v1", 10, 100), runtime("i1", "v1", 12, 40));
        run();
        // Then
        assertThat(runtimeOf(WindowStep.MINUTE))
                .singleElement()
                .satisfies(minute -> assertThat(minute.get("windows").asInt()).isEqualTo(2));
        assertThat(runtimeOf(WindowStep.HOUR))
                .singleElement()
                .satisfies(hour -> assertThat(hour.get("windows").asInt()).isEqualTo(2));
        assertThat(storage.rollUps().run(() -> true)).isZero();
    }

    @Test
    void neitherOrderNorStopsChangeTheResult() throws Exception {
        // Given
        List<RuntimeWindowRow> runtime = new ArrayList<>();
        List<RouteWindowRow> routes = new ArrayList<>();
        Random random = new Random(3);
        for (int second = 0; second < 240; second++) {
            runtime.add(runtime("i" + second % 3, "v" + second / 150, second, random.nextInt(1_000)));
            routes.add(route("i" + second % 3, second, "GET /" + second % 2, random.nextInt(50)));
        }
        write(runtime, routes);
        run();
        List<List<JsonNode>> expected = everything();
        // When
        storage.close();
        config = database.empty();
        storage = new JdbcStorage(config);
        storage.start();
        Collections.shuffle(runtime, random);
        Collections.shuffle(routes, random);
        for (int i = 0; i < 240; i += 12) {
            write(runtime.subList(i, i + 12), routes.subList(i, i + 12));
            AtomicInteger budget = new AtomicInteger(random.nextInt(4));
            storage.rollUps().run(() -> budget.getAndDecrement() > 0);
        }
        run();
        // Then
        assertThat(everything()).isEqualTo(expected);
    }

    @Test
    void writersAndTwoWhoRollUpAtOnceLoseNothing() throws Exception {
        // Given
        ExecutorService threads = Executors.newFixedThreadPool(4);
        List<Future<?>> running = new ArrayList<>();
        AtomicInteger writing = new AtomicInteger(2);
        // When
        for (int writer = 0; writer < 2; writer++) {
            String instance = "i" + writer;
            running.add(threads.submit(() -> {
                for (int second = 0; second < 150; second++) {
                    untilItWorks(List.of(runtime(instance, "v1", second, 1)));
                }
                return writing.decrementAndGet();
            }));
            running.add(threads.submit(() -> {
                while (writing.get() > 0) {
                    try {
                        run();
                    } catch (StoreException e) {
                        // Lost a race: what it would have done stays due.
                    }
                }
                return null;
            }));
        }
        for (Future<?> one : running) {
            one.get();
        }
        threads.shutdown();
        run();
        // Then
        assertThat(runtimeOf(WindowStep.HOUR))
                .singleElement()
                .satisfies(hour -> assertThat(hour.get("windows").asInt()).isEqualTo(300));
    }

    private void untilItWorks(List<RuntimeWindowRow> rows) throws StaleOwnerException {
        while (true) {
            try {
                write(rows, List.of());
                return;
            } catch (StoreException e) {
                // As the consumer does: the same again.
            }
        }
    }

    @Test
    void rollUpsOutliveTheirWindowsAndAreNotOverwrittenByWhatComesLater() throws Exception {
        // Given
        write(runtime("i1", "v1", 10, 100), runtime("i1", "v1", 11, 130));
        write(List.of(), List.of(route("i1", 10, "GET /a", 4)));
        run();
        List<List<JsonNode>> before = everything();
        // When
        assertThat(expireAfter(Duration.ofHours(3))).isEqualTo(1);
        write(runtime("i1", "v1", 11, 130));
        run();
        // Then
        assertThat(everything()).isEqualTo(before);
        assertThat(count("route_windows")).isZero();
        assertThat(expireAfter(Duration.ofHours(3))).isEqualTo(1);
        assertThat(count("runtime_windows")).isZero();
    }

    @Test
    void windowsThatAreNotRolledUpYetStay() throws Exception {
        write(runtime("i1", "v1", 10, 100));

        assertThat(expireAfter(Duration.ofHours(3))).isZero();

        assertThat(count("runtime_windows")).isEqualTo(1);
    }

    @Test
    void nothingIsLeftWhenHoursAreOld() throws Exception {
        // Given
        write(runtime("i1", "v1", 10, 100), runtime("i1", "v1", 71, 130));
        write(List.of(), List.of(route("i1", 10, "GET /a", 4)));
        run();
        // When
        expireAfter(Duration.ofDays(3));
        // Then
        assertThat(runtimeOf(WindowStep.MINUTE)).isEmpty();
        assertThat(runtimeOf(WindowStep.HOUR)).hasSize(1);
        // When
        expireAfter(Duration.ofDays(91));
        // Then
        for (String table : TABLES) {
            assertThat(count(table)).as(table).isZero();
        }
    }

    @Test
    void windowsOfAnEarlierVersionAreRolledUpToo() throws Exception {
        // Given
        storage.close();
        StorageConfig old = database.empty();
        String blob = old.jdbcUrl().startsWith("jdbc:postgresql:") ? "BYTEA" : "BLOB";
        try (Connection keepsItOpen = DriverManager.getConnection(old.jdbcUrl(), old.user(), old.password())) {
            Flyway.configure(getClass().getClassLoader())
                    .dataSource(old.jdbcUrl(), old.user(), old.password())
                    .locations("classpath:io/unpark/sink/db")
                    .placeholders(Map.of("blob", blob))
                    .target("1")
                    .load()
                    .migrate();
            try (Statement statement = keepsItOpen.createStatement()) {
                statement.execute(
                        "INSERT INTO runtime_windows VALUES ('w', '', 'orders', 'i1', " + (START_NS + SECOND_NS)
                                + ", 1, 5, '" + runtime("i1", "v1", 1, 5).document() + "')");
            }
            storage = new JdbcStorage(old);
            // When
            storage.start();
            run();
            // Then
            assertThat(runtimeOf(WindowStep.HOUR)).hasSize(1);
        }
    }

    private void run() {
        storage.rollUps().run(() -> true);
    }

    private int expireAfter(Duration passed) {
        return storage.rollUps().expire(NOW_MS + passed.toMillis(), RollUpRetention.DEFAULT, () -> true);
    }

    private void write(RuntimeWindowRow... rows) throws StaleOwnerException {
        write(List.of(rows), List.of());
    }

    private void write(RouteWindowRow... rows) throws StaleOwnerException {
        write(List.of(), List.of(rows));
    }

    private void write(List<RuntimeWindowRow> runtime, List<RouteWindowRow> routes) throws StaleOwnerException {
        storage.anomalyStore().write(new SinkBatch(List.of(), Map.of(), runtime, routes, List.of()));
    }

    private List<List<JsonNode>> everything() throws Exception {
        return List.of(
                runtimeOf(WindowStep.MINUTE),
                runtimeOf(WindowStep.HOUR),
                routesOf(WindowStep.MINUTE),
                routesOf(WindowStep.HOUR));
    }

    private List<JsonNode> runtimeOf(WindowStep step) throws Exception {
        return parsed(storage.windows().runtimeWindows(step, Optional.empty(), "orders", START_NS, 1_000));
    }

    private List<JsonNode> routesOf(WindowStep step) throws Exception {
        return parsed(storage.windows().routeWindows(step, Optional.empty(), "orders", START_NS, 1_000));
    }

    private static List<JsonNode> parsed(List<String> documents) throws Exception {
        List<JsonNode> parsed = new ArrayList<>();
        for (String document : documents) {
            parsed.add(JSON.readTree(document));
        }
        return parsed;
    }

    private int count(String table) throws Exception {
        try (Connection connection = DriverManager.getConnection(config.jdbcUrl(), config.user(), config.password());
                Statement statement = connection.createStatement();
                var result = statement.executeQuery("SELECT COUNT(*) FROM " + table)) {
            result.next();
            return result.getInt(1);
        }
    }

    /** A second that ends so many seconds after the start; {@code n} goroutines. */
    private static RuntimeWindowRow runtime(String instance, String version, int second, long n) {
        String document = """
                {"instance":"%s","version":"%s",%s,"goroutines":%d,"goroutines_by_creation":{"main.f":%d},
                "goroutines_by_reason":{"select":1},"gc_cycles":1,"stop_the_world_max_ns":%d,"procs":2,
                "sched_latency":{"count":6,"buckets":{"14":%d,"20":%d}}}""".formatted(instance, version, times(second), n, n, n, second % 2 == 0 ? 6 : 5, second % 2);
        String id = instance + second;
        return new RuntimeWindowRow(id, "", "orders", instance, endNs(second), NOW_MS, n, document);
    }

    /** {@code n} requests. */
    private static RouteWindowRow route(String instance, int second, String route, long n) {
        String document = """
                {"instance":"%s",%s,"route":"%s","count":%d,"latency":{"buckets":{"20":%d}},
                "split":{"running_ns":%d,"blocked_ns":{"select":%d}},
                "edges":[{"peer":"stock:80","route":"GET /s","count":%d,"with_deadline":1}],
                "roots":[{"kind":"waiting","function":"main.f","requests":%d,"explained_ns":7}],
                "slowest":[{"request":"r%d","duration_ns":%d}]}""".formatted(instance, times(second), route, n, n, n, 2 * n, n, n, second, n);
        return new RouteWindowRow(instance + second + route, "", "orders", endNs(second), NOW_MS, document);
    }

    private static String times(int second) {
        return "\"start\":\"" + UtcTime.text(endNs(second - 1)) + "\",\"end\":\"" + UtcTime.text(endNs(second)) + "\"";
    }

    private static long endNs(int second) {
        return START_NS + second * SECOND_NS;
    }
}
