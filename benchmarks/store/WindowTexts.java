/**
 * Windows' documents as SQL expressions, with the numbers that the map and the comparison add up. Where they begin, of which instance
 * and route they are is of expressions, too, over a number {@code i}.
 */
final class WindowTexts {
    static final int ROUTES = 4;
    private static final String BUCKETS =
            "\"buckets\":{\"14\":3,\"17\":40,\"18\":61,\"19\":48,\"20\":30,\"21\":12,\"22\":7,\"24\":2,\"27\":1}";
    private static final String LATENCY =
            "{\"count\":204,\"p50_ns\":524287,\"p90_ns\":2097151,\"p99_ns\":16777215," + BUCKETS + "}";
    private static final String PLACE = "example.com/orders/internal/stock.(*Reader).step";

    private final boolean postgres;

    WindowTexts(boolean postgres) {
        this.postgres = postgres;
    }

    /** @param instance an expression, "''" for none */
    String runtime(String instance, String startNs, int seconds) {
        StringBuilder sites = new StringBuilder();
        for (int i = 0; i < 8; i++) {
            sites.append(i == 0 ? "" : ",").append('"').append(PLACE).append(i).append(" /src/reader.go:").append(40 + i).append("\":").append(900 - 7 * i);
        }
        return "CONCAT(" + head(instance, startNs, seconds) + ", '\"windows\":" + seconds + ",\"covered_ns\":" + seconds + "000000000,\"instances\":1,"
                + "\"goroutines\":', 4000 + MOD(i, 900), ',\"goroutines_by_creation\":{" + sites + "},\"goroutines_by_reason\":"
                + "{\"chan receive\":1800,\"select\":1100,\"network\":900,\"sync.Mutex.Lock\":12,\"sleep\":9},\"sched_latency\":" + LATENCY
                + ",\"gc_worker_ns\":91000000,\"gc_assist_ns\":1200000,\"gc_cycles\":2,\"stop_the_world_ns\":310000,"
                + "\"stop_the_world_max_ns\":120000,\"heap_live_bytes\":64000000,\"heap_goal_bytes\":128000000,\"procs\":4,"
                + "\"busy_ns\":', 1900000000 + MOD(i, 1000), '}')";
    }

    /** @param route an expression */
    String route(String instance, String service, String route, String startNs, int seconds) {
        StringBuilder slowest = new StringBuilder();
        for (int i = 0; i < 5; i++) {
            slowest.append(i == 0 ? "'" : ", ',").append("{\"request\":\"', MD5('").append(i).append("' || i), '\",\"duration_ns\":', ")
                    .append(9_000_000 - i).append(" + MOD(i, 777), '}'");
        }
        String md5 = postgres ? slowest.toString() : slowest.toString().replaceAll("MD5\\('(.)' \\|\\| i\\)", "RAWTOHEX(HASH('MD5', CONCAT('$1', i)))");
        return "CONCAT(" + head(instance, startNs, seconds) + ", '\"route\":\"GET /items/', " + route + ", '\",\"windows\":" + seconds
                + ",\"covered_ns\":" + seconds + "000000000,\"count\":204,\"latency\":" + LATENCY
                + ",\"split\":{\"running_ns\":61000000,\"runnable_ns\":2100000,\"syscall_ns\":900000,\"gc_assist_ns\":400000,"
                + "\"stop_the_world_ns\":70000,\"blocked_ns\":{\"network\":180000000,\"chan receive\":30000000,\"select\":9000000,\"sync.Mutex.Lock\":4000000}},"
                + "\"edges\":[', " + edge(service, 1) + ", ',', " + edge(service, 7) + ", ',', " + edge(service, 13) + ", '],\"roots\":[', "
                + root(service, 1, "network") + ", ',', " + root(service, 7, "lock") + ", '],\"slowest\":[', " + md5 + ", ']}')";
    }

    /** Address of a service, from one so many places before it. */
    static String peer(String service, int places) {
        return "CONCAT('10.0.0.', MOD(" + service + " + " + places + ", " + StoreFill.SERVICES + "), ':8080')";
    }

    private static String edge(String service, int places) {
        return "'{\"peer\":\"', " + peer(service, places) + ", '\",\"route\":\"GET /items\",\"count\":' , 10 + MOD(i, 90), ',\"with_deadline\":9}'";
    }

    private static String root(String service, int places, String kind) {
        return "'{\"kind\":\"" + kind + "\",\"reason\":\"network\",\"function\":\"" + PLACE + "\",\"file\":\"/src/reader.go\",\"line\":" + places
                + ",\"peer\":\"', " + peer(service, places) + ", '\",\"requests\":20,\"explained_ns\":', 9000000 + MOD(i, 1000), '}'";
    }

    /** The version changed three hours ago. */
    private String head(String instance, String startNs, int seconds) {
        String versionNs = Long.toString(StoreFill.NOW_NS - 3 * 3_600 * StoreFill.SECOND_NS);
        return "'{\"namespace\":\"\",\"service\":\"service-', MOD(i, 50), '\",\"instance\":\"', " + instance
                + ", '\",\"version\":\"', CASE WHEN " + startNs + " < " + versionNs + " THEN 'v1' ELSE 'v2' END, '\",\"start\":\"', "
                + time(startNs) + ", '\",\"end\":\"', " + time(startNs + " + " + seconds * StoreFill.SECOND_NS) + ", '\",'";
    }

    private String time(String ns) {
        return postgres
                ? "TO_CHAR(TO_TIMESTAMP((" + ns + ") / 1000000000) AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"')"
                : "FORMATDATETIME(DATEADD('SECOND', (" + ns + ") / 1000000000, TIMESTAMP '1970-01-01 00:00:00'), 'yyyy-MM-dd''T''HH:mm:ss''Z''')";
    }
}
