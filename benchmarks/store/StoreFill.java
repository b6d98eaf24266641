import io.unpark.sink.store.jdbc.JdbcStorage;
import io.unpark.sink.store.StorageConfig;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HexFormat;
import java.util.StringJoiner;
import java.util.zip.DeflaterOutputStream;

/**
 * Fills an empty database by its own SQL, as fast as it can.
 *
 * <p>50 services of ten instances; a window a second and instance, half of them of the runtime and half of routes; as many
 * minutes as a twentieth of the windows and as many hours as a hundredth, of four routes; profiles of the newest seconds. One anomaly in a hundred
 * is open, and was counted in each of the last 24 hours, in which one in ten grew; the others were in one. Documents: 1 KB of an anomaly, a third of a window, 1.5 of a profile.
 */
final class StoreFill {
    static final long NOW_MS = 1_795_392_000_000L;
    static final long NOW_NS = NOW_MS * 1_000_000;
    static final long SECOND_NS = 1_000_000_000L;
    static final int SERVICES = 50;
    static final int INSTANCES = 10;
    private static final String OPEN = "MOD(i / 50, 100) = 7";
    private static final int PROFILE_STACKS = 60;

    private final Statement statement;
    private final boolean postgres;
    private final WindowTexts texts;

    private StoreFill(Statement statement, boolean postgres) {
        this.statement = statement;
        this.postgres = postgres;
        this.texts = new WindowTexts(postgres);
    }

    static StorageConfig config(String url) {
        boolean postgres = url.startsWith("jdbc:postgresql:");
        return new StorageConfig(url, postgres ? null : "sa", postgres ? null : "", 4);
    }

    /** JDBC address, anomalies, windows, profiles. */
    public static void main(String[] args) throws SQLException {
        StorageConfig config = config(args[0]);
        long anomalies = Long.parseLong(args[1]);
        long windows = Long.parseLong(args[2]);
        long profiles = Long.parseLong(args[3]);
        try (JdbcStorage storage = new JdbcStorage(config)) {
            storage.start();
        }
        try (Connection connection = DriverManager.getConnection(config.jdbcUrl(), config.user(), config.password());
                Statement statement = connection.createStatement()) {
            long startNs = System.nanoTime();
            StoreFill fill = new StoreFill(statement, args[0].startsWith("jdbc:postgresql:"));
            fill.services();
            fill.anomalies(anomalies);
            fill.windows(windows);
            fill.profiles(profiles);
            statement.execute(fill.postgres ? "VACUUM ANALYZE" : "ANALYZE");
            System.out.printf(
                    "%s: %,d anomalies, %,d windows and %,d profiles in %d s%n",
                    connection.getMetaData().getDatabaseProductName(),
                    anomalies,
                    windows,
                    profiles,
                    (System.nanoTime() - startNs) / SECOND_NS);
        }
    }

    private void services() throws SQLException {
        statement.execute("INSERT INTO services SELECT '', CONCAT('service-', i), " + NOW_NS + ", " + NOW_MS + " FROM "
                + numbers(SERVICES));
        statement.execute("INSERT INTO instances (namespace, service, instance, newest_end_ns, arrived_ms, goroutines) SELECT '',"
                + " CONCAT('service-', MOD(i, 50)), CONCAT('instance-', MOD(i / 50, 10)), " + NOW_NS + ", " + NOW_MS + ", 100 FROM "
                + numbers(SERVICES * INSTANCES));
    }

    /** One in a hundred was seen in the last minutes, the others over ninety days before. */
    private void anomalies(long count) throws SQLException {
        String lastSeen = NOW_NS + " - CASE WHEN " + OPEN
                + " THEN 60000000000 ELSE 3600000000000 + 7000000000 * MOD(i * 7919, 1000000) END";
        statement.execute("INSERT INTO anomalies (id, namespace, service, kind, severity, confidence, subjects, first_seen_ns,"
                + " last_seen_ns, arrived_ms, worst_finding_id, document) SELECT CONCAT('anomaly-', i), '', "
                + "CONCAT('service-', MOD(i, 50)), CONCAT('kind-', MOD(i / 50, 12)), "
                + "CASE MOD(i / 600, 10) WHEN 0 THEN 'critical' WHEN 1 THEN 'info' ELSE 'warning' END, "
                + "CASE MOD(i / 7, 5) WHEN 0 THEN 'possible' ELSE 'likely' END, 3 + MOD(i, 100), " + lastSeen
                + " - 7200000000000 * MOD(i, 30), " + lastSeen + ", " + NOW_MS + ", 'finding', " + document("anomaly", 55)
                + " FROM " + numbers(count));
        String counts =
                "INSERT INTO anomaly_counts (anomaly_id, step_s, start_ns, subjects, subjects_before, grew, arrived_ms) ";
        String hour = "last_seen_ns - MOD(last_seen_ns, 3600000000000)";
        statement.execute(counts + "SELECT id, 3600, " + hour + ", subjects, 0, FALSE, " + NOW_MS + " FROM anomalies");
        statement.execute(counts + "SELECT a.id, 3600, a." + hour.replace("(last", "(a.last")
                + " - 3600000000000 * n.i - 3600000000000, 2, 1, MOD(a.seq, 10) = 0, " + NOW_MS + " FROM anomalies a CROSS JOIN "
                + numbers(23) + " WHERE a.last_seen_ns > " + (NOW_NS - 3_599 * SECOND_NS));
        statement.execute("INSERT INTO anomaly_changes (anomaly_id, change_no, state) SELECT id, seq, 'OPEN' FROM anomalies");
    }

    /** Those of the newest two minutes have numbers, so have all minutes and hours; the others have as many bytes as is usual. */
    private void windows(long count) throws SQLException {
        String common = "'', CONCAT('service-', MOD(i, 50)), ";
        String instance = "CONCAT('instance-', MOD(i / 50, 10))";
        String endNs = NOW_NS + " - " + SECOND_NS + " * (i / " + SERVICES * INSTANCES + ")";
        String startNs = endNs + " - " + SECOND_NS;
        String newest = "CASE WHEN i < " + 120 * SERVICES * INSTANCES + " THEN %s ELSE %s END";
        statement.execute("INSERT INTO runtime_windows SELECT " + id("w") + ", " + common + instance + ", " + endNs + ", " + NOW_MS + ", 100, "
                + newest.formatted(texts.runtime(instance, startNs, 1), document("runtime", 16)) + " FROM " + numbers(count / 2));
        statement.execute("INSERT INTO route_windows SELECT " + id("r") + ", " + common + endNs + ", " + NOW_MS + ", "
                + newest.formatted(texts.route(instance, "i", "1", startNs, 1), document("route", 16)) + " FROM " + numbers(count / 2));
        rollUps(60, INSTANCES, instance, count / 40);
        rollUps(3_600, 1, "''", count / 200);
        statement.execute("INSERT INTO peers SELECT " + id("c") + ", " + common + WindowTexts.peer("i", 1)
                + ", 'GET /items', '', CONCAT('service-', MOD(i + 1, 50)), " + NOW_MS + " FROM " + numbers(SERVICES));
    }

    /** So many rows of the runtime and as many of routes, of which each instance has some. The newest span of each service is due. */
    private void rollUps(int stepS, int instances, String instance, long rows) throws SQLException {
        long newestNs = NOW_NS - NOW_NS % (stepS * SECOND_NS);
        int perSpan = SERVICES * instances;
        String head = " (step_s, start_ns, namespace, service, document) SELECT " + stepS + ", ";
        String startNs = newestNs + " - " + stepS * SECOND_NS + " * (i / %d)";
        String ofRuntime = startNs.formatted(perSpan);
        statement.execute("INSERT INTO runtime_rollups" + head + ofRuntime + ", '', CONCAT('service-', MOD(i, 50)), "
                + texts.runtime(instance, ofRuntime, stepS) + " FROM " + numbers(rows));
        String ofRoute = startNs.formatted(perSpan * WindowTexts.ROUTES);
        String route = "MOD(i / " + perSpan + ", " + WindowTexts.ROUTES + ")";
        statement.execute("INSERT INTO route_rollups" + head + ofRoute + ", '', CONCAT('service-', MOD(i, 50)), "
                + texts.route(instance, "i", route, ofRoute, stepS) + " FROM " + numbers(rows));
        String ofSpan = startNs.formatted(SERVICES);
        statement.execute("INSERT INTO service_rollups" + head + ofSpan + ", '', CONCAT('service-', MOD(i, 50)), "
                + texts.route("''", "i", "0", ofSpan, stepS) + " FROM " + numbers(rows / instances));
        statement.execute("INSERT INTO rollup_spans SELECT " + stepS + ", " + ofSpan + ", '', CONCAT('service-', MOD(i, 50)), "
                + NOW_MS + ", i < " + SERVICES + ", FALSE FROM " + numbers(rows / instances));
    }

    /** All of one real document; a second of each instance, from the newest back, and as many minutes and hours as of windows. */
    private void profiles(long count) throws SQLException {
        String document = (postgres ? "'\\x" : "X'") + profile() + "'" + (postgres ? "::bytea" : "");
        statement.execute("INSERT INTO profiles SELECT " + id("p") + ", '', CONCAT('service-', MOD(i, 50)), 'v1', " + NOW_NS
                + " - " + SECOND_NS + " * (i / " + SERVICES * INSTANCES + "), " + NOW_MS + ", " + document + " FROM "
                + numbers(count));
        for (int stepS : new int[] {60, 3_600}) {
            long newestNs = NOW_NS - NOW_NS % (stepS * SECOND_NS);
            statement.execute("INSERT INTO profile_rollups (step_s, start_ns, namespace, service, version, document) SELECT "
                    + stepS + ", " + newestNs + " - " + stepS * SECOND_NS + " * (i / " + SERVICES
                    + "), '', CONCAT('service-', MOD(i, 50)), 'v1', " + document + " FROM "
                    + numbers(stepS == 60 ? 200 * SERVICES : 336 * SERVICES));
        }
    }

    /** As StackDocument has it: functions, files and lines, stacks of two frames, entries. */
    private static String profile() {
        StringJoiner texts = new StringJoiner(",").add("\"GET /api\"").add("\"chan receive\"");
        StringJoiner frames = new StringJoiner(",");
        StringJoiner stacks = new StringJoiner(",");
        StringJoiner entries = new StringJoiner(",");
        for (int i = 0; i < PROFILE_STACKS; i++) {
            texts.add("\"example.com/orders/internal/stock.(*Reader).step" + i * 7_919 + "\"");
            texts.add("\"/src/orders/internal/stock/reader_" + i * 31 + ".go\"");
            frames.add((2 * i + 2) + "," + (2 * i + 3) + "," + (10 + i));
            stacks.add("[" + i + "," + i / 8 + "]");
            entries.add("0,1," + i + ",3," + 1_000_003L * i);
        }
        String json = "{\"texts\":[" + texts + "],\"frames\":[" + frames + "],\"stacks\":[" + stacks + "],\"entries\":["
                + entries + "],\"covered_ns\":1000000000,\"other_ns\":0,\"other_samples\":0}";
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DeflaterOutputStream deflated = new DeflaterOutputStream(bytes)) {
            deflated.write(json.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException("memory does not fail", e);
        }
        return HexFormat.of().formatHex(bytes.toByteArray());
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

    private static String document(String what, int words) {
        String text = "{\"what\":\"" + what + "\",\"filling\":\"" + "lorem ipsum dolor ".repeat(words) + "\",\"n\":";
        return "CONCAT('" + text + "', i, '}')";
    }
}
