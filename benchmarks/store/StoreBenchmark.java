import io.unpark.sink.store.AnomalyFilter;
import io.unpark.sink.store.AnomalyState;
import io.unpark.sink.store.JdbcStorage;
import io.unpark.sink.store.StateRule;
import io.unpark.sink.store.StorageConfig;
import io.unpark.sink.store.WindowStep;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Fills an empty database by its own SQL, as fast as it can, and measures the queries behind the pages.
 *
 * <p>50 services of ten instances; a window a second and instance, half of them of the runtime and half of routes; as many
 * minutes as a twentieth of the windows and as many hours as a hundredth. One anomaly in a hundred is open. Documents are about
 * as long as real ones (1 KB).
 */
final class StoreBenchmark {
    private static final long NOW_MS = 1_795_392_000_000L;
    private static final long NOW_NS = NOW_MS * 1_000_000;
    private static final long SECOND_NS = 1_000_000_000L;
    private static final int SERVICES = 50;
    private static final int INSTANCES = 10;
    private static final int WARM_UP_RUNS = 10;
    private static final int RUNS = 200;
    private static final long QUERY_LIMIT_NS = 8 * SECOND_NS;
    private static final StateRule RULE = new StateRule(NOW_MS, 600_000);

    private final JdbcStorage storage;
    private final boolean postgres;

    private StoreBenchmark(JdbcStorage storage, boolean postgres) {
        this.storage = storage;
        this.postgres = postgres;
    }

    /** JDBC address, anomalies, windows. */
    public static void main(String[] args) throws SQLException {
        String url = args[0];
        long anomalies = args.length > 1 ? Long.parseLong(args[1]) : 1_000_000;
        long windows = args.length > 2 ? Long.parseLong(args[2]) : 10_000_000;
        boolean postgres = url.startsWith("jdbc:postgresql:");
        StorageConfig config = new StorageConfig(url, postgres ? null : "sa", postgres ? null : "", 4);
        try (JdbcStorage storage = new JdbcStorage(config)) {
            storage.start();
            StoreBenchmark benchmark = new StoreBenchmark(storage, postgres);
            try (Connection connection = DriverManager.getConnection(url, config.user(), config.password());
                    Statement statement = connection.createStatement()) {
                long startNs = System.nanoTime();
                benchmark.fill(statement, anomalies, windows);
                System.out.printf(
                        "%s: %,d anomalies and %,d windows in %d s%n",
                        connection.getMetaData().getDatabaseProductName(),
                        anomalies,
                        windows,
                        (System.nanoTime() - startNs) / SECOND_NS);
            }
            benchmark.measure(anomalies);
        }
    }

    private void fill(Statement statement, long anomalies, long windows) throws SQLException {
        long half = windows / 2;
        statement.execute("INSERT INTO services SELECT '', CONCAT('service-', i), " + NOW_NS + ", " + NOW_MS + " FROM "
                + numbers(SERVICES));
        statement.execute("INSERT INTO instances (namespace, service, instance, newest_end_ns, arrived_ms, goroutines) SELECT '',"
                + " CONCAT('service-', MOD(i, 50)), CONCAT('instance-', MOD(i / 50, 10)), " + NOW_NS + ", " + NOW_MS + ", 100 FROM "
                + numbers(SERVICES * INSTANCES));
        // One in a hundred was seen in the last minutes, the others over ninety days before.
        statement.execute("INSERT INTO anomalies (id, namespace, service, kind, severity, confidence, subjects, first_seen_ns,"
                + " last_seen_ns, arrived_ms, worst_finding_id, document) SELECT CONCAT('anomaly-', i), '', "
                + "CONCAT('service-', MOD(i, 50)), CONCAT('kind-', MOD(i / 50, 12)), "
                + "CASE MOD(i / 600, 10) WHEN 0 THEN 'critical' WHEN 1 THEN 'info' ELSE 'warning' END, "
                + "CASE MOD(i / 7, 5) WHEN 0 THEN 'possible' ELSE 'likely' END, 3, 1, " + NOW_NS
                + " - CASE WHEN MOD(i / 50, 100) = 7 THEN 60000000000 ELSE 3600000000000 + 7000000000 * MOD(i * 7919, 1000000) END, "
                + NOW_MS + ", 'finding', " + document("anomaly") + " FROM " + numbers(anomalies));
        String common = "'', CONCAT('service-', MOD(i, 50)), ";
        String end = NOW_NS + " - " + SECOND_NS + " * (i / " + SERVICES * INSTANCES + "), " + NOW_MS + ", ";
        statement.execute("INSERT INTO runtime_windows SELECT " + id("w") + ", " + common
                + "CONCAT('instance-', MOD(i / 50, 10)), " + end + "100, " + document("runtime") + " FROM " + numbers(half));
        statement.execute("INSERT INTO route_windows SELECT " + id("r") + ", " + common + end + document("route") + " FROM "
                + numbers(half));
        for (String table : new String[] {"runtime_rollups", "route_rollups"}) {
            rollUps(statement, table, 60, SERVICES * INSTANCES, windows / 40);
            rollUps(statement, table, 3_600, SERVICES, windows / 200);
        }
        statement.execute(postgres ? "VACUUM ANALYZE" : "ANALYZE");
    }

    private void rollUps(Statement statement, String table, int stepS, int perSpan, long rows) throws SQLException {
        long newestNs = NOW_NS - NOW_NS % (stepS * SECOND_NS);
        statement.execute("INSERT INTO " + table + " (step_s, start_ns, namespace, service, document) SELECT " + stepS + ", "
                + newestNs + " - " + stepS * SECOND_NS + " * (i / " + perSpan + "), '', CONCAT('service-', MOD(i, 50)), "
                + document("window") + " FROM " + numbers(rows));
    }

    private String numbers(long count) {
        return postgres
                ? "generate_series(0::bigint, " + (count - 1) + ") AS n(i)"
                : "(SELECT x AS i FROM SYSTEM_RANGE(0, " + (count - 1) + ")) n";
    }

    /** 32 digits in no order, as hashes are. */
    private String id(String salt) {
        return postgres
                ? "MD5('" + salt + "' || i)"
                : "SUBSTRING(RAWTOHEX(HASH('MD5', CONCAT('" + salt + "', i))), 1, 32)";
    }

    private static String document(String what) {
        String text = "{\"what\":\"" + what + "\",\"filling\":\"" + "lorem ipsum dolor ".repeat(55) + "\",\"n\":";
        return "CONCAT('" + text + "', i, '}')";
    }

    private void measure(long anomalies) {
        Map<String, Runnable> queries = new LinkedHashMap<>();
        Optional<AnomalyState> open = Optional.of(AnomalyState.OPEN);
        Optional<AnomalyState> resolved = Optional.of(AnomalyState.RESOLVED);
        Optional<String> any = Optional.empty();
        Optional<String> one = Optional.of("service-7");
        queries.put("anomalies, open", list(any, any, any, open, Long.MAX_VALUE));
        queries.put("anomalies, open, a page in the middle", list(any, any, any, open, anomalies / 2));
        queries.put("anomalies, any state", list(any, any, any, Optional.empty(), Long.MAX_VALUE));
        queries.put("anomalies, resolved", list(any, any, any, resolved, Long.MAX_VALUE));
        queries.put("anomalies, open, of a service", list(one, any, any, open, Long.MAX_VALUE));
        queries.put("anomalies, open, of a kind", list(any, Optional.of("kind-3"), any, open, Long.MAX_VALUE));
        queries.put("anomalies, open, critical", list(any, any, Optional.of("critical"), open, Long.MAX_VALUE));
        queries.put(
                "anomalies, of a kind and service, any state",
                list(one, Optional.of("kind-3"), any, Optional.empty(), Long.MAX_VALUE));
        queries.put("one anomaly", () -> storage.anomalies().find("anomaly-" + anomalies / 3, RULE));
        queries.put("services", () -> storage.windows().services(RULE));
        queries.put("windows of a service, 15 minutes", windows(WindowStep.RAW, 900));
        queries.put("minutes of a service, 6 hours", windows(WindowStep.MINUTE, 21_600));
        queries.put("hours of a service, 14 days", windows(WindowStep.HOUR, 14 * 86_400));
        queries.forEach(this::measure);
    }

    private Runnable list(
            Optional<String> service,
            Optional<String> kind,
            Optional<String> severity,
            Optional<AnomalyState> state,
            long beforeSeq) {
        AnomalyFilter filter = new AnomalyFilter(
                Optional.empty(), service, kind, severity, state, Long.MIN_VALUE, false, beforeSeq, 100);
        return () -> storage.anomalies().list(filter, RULE);
    }

    /** Both queries behind the answer, with its limit. */
    private Runnable windows(WindowStep step, long seconds) {
        Optional<String> namespace = Optional.of("");
        long sinceNs = NOW_NS - seconds * SECOND_NS;
        return () -> {
            storage.windows().runtimeWindows(step, namespace, "service-7", sinceNs, 1_000);
            storage.windows().routeWindows(step, namespace, "service-7", sinceNs, 1_000);
        };
    }

    private void measure(String what, Runnable query) {
        long[] tookNs = new long[RUNS];
        long endNs = System.nanoTime() + QUERY_LIMIT_NS;
        int runs = 0;
        for (int i = 0; i < WARM_UP_RUNS + RUNS && System.nanoTime() < endNs; i++) {
            long startNs = System.nanoTime();
            query.run();
            tookNs[runs] = System.nanoTime() - startNs;
            runs += i < WARM_UP_RUNS ? 0 : 1;
        }
        runs = Math.max(1, runs);
        Arrays.sort(tookNs, 0, runs);
        System.out.printf(
                "| %s | %.1f | %.1f | %d |%n", what, tookNs[runs / 2] / 1e6, tookNs[(runs * 99 - 1) / 100] / 1e6, runs);
    }
}
