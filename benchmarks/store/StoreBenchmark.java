import io.unpark.analysis.model.Stack;
import io.unpark.sink.store.AnomalyFilter;
import io.unpark.sink.store.AnomalyRanking.Place;
import io.unpark.sink.store.AnomalyState;
import io.unpark.sink.store.jdbc.JdbcStorage;
import io.unpark.sink.store.ProfileQueries.Selection;
import io.unpark.sink.store.StackTaker;
import io.unpark.sink.store.StateRule;
import io.unpark.sink.store.StorageConfig;
import io.unpark.sink.store.WindowRange;
import io.unpark.sink.store.WindowStep;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Measures the queries behind the pages on a database that {@code StoreFill} has filled. */
final class StoreBenchmark {
    private static final long NOW_MS = 1_795_392_000_000L;
    private static final long NOW_NS = NOW_MS * 1_000_000;
    private static final long SECOND_NS = 1_000_000_000L;
    private static final long HOUR_NS = 3_600 * SECOND_NS;
    private static final int WARM_UP_RUNS = 10;
    private static final int RUNS = 200;
    private static final long QUERY_LIMIT_NS = 8 * SECOND_NS;
    private static final StateRule RULE = new StateRule(NOW_MS, 600_000);
    private static final Optional<String> ANY = Optional.empty();
    private static final String SERVICE = "service-7";

    private final JdbcStorage storage;

    private StoreBenchmark(JdbcStorage storage) {
        this.storage = storage;
    }

    /** JDBC address, how many anomalies are in it, and a part of the names of those queries that are wanted. */
    public static void main(String[] args) {
        boolean postgres = args[0].startsWith("jdbc:postgresql:");
        StorageConfig config = new StorageConfig(args[0], postgres ? null : "sa", postgres ? null : "", 4);
        try (JdbcStorage storage = new JdbcStorage(config)) {
            storage.start();
            System.out.println("| query | p50 ms | p99 ms | runs |");
            String only = args.length > 2 ? args[2] : "";
            new StoreBenchmark(storage).queries(Long.parseLong(args[1])).forEach((what, query) -> {
                if (what.contains(only)) {
                    measure(what, query);
                }
            });
        }
    }

    private Map<String, Runnable> queries(long anomalies) {
        Map<String, Runnable> queries = new LinkedHashMap<>();
        Optional<AnomalyState> open = Optional.of(AnomalyState.OPEN);
        Optional<AnomalyState> resolved = Optional.of(AnomalyState.RESOLVED);
        Optional<String> one = Optional.of(SERVICE);
        Optional<String> kind = Optional.of("kind-3");
        queries.put("list, worst first", worst(ANY, ANY, ANY, Optional.empty(), Optional.empty()));
        queries.put("list, worst first, open", worst(ANY, ANY, ANY, open, Optional.empty()));
        queries.put("list, worst first, resolved", worst(ANY, ANY, ANY, resolved, Optional.empty()));
        queries.put("list, worst first, of a service", worst(one, ANY, ANY, Optional.empty(), Optional.empty()));
        queries.put("list, worst first, of a kind", worst(ANY, kind, ANY, Optional.empty(), Optional.empty()));
        queries.put("list, worst first, of a kind that is not there", worst(one, Optional.of("x"), ANY, Optional.empty(), Optional.empty()));
        Place middle = new Place(AnomalyState.OPEN, "warning", NOW_NS - 60 * SECOND_NS, "anomaly-5");
        queries.put("list, worst first, a page in the middle", worst(ANY, ANY, ANY, Optional.empty(), Optional.of(middle)));
        queries.put("how many are open, by kind and severity", () -> storage.ranking().open(filter(ANY, ANY, ANY, Optional.empty(), Long.MAX_VALUE), RULE));
        queries.put("anomalies, newest first, open", list(ANY, ANY, ANY, open, Long.MAX_VALUE));
        queries.put("anomalies, newest first, open, a page in the middle", list(ANY, ANY, ANY, open, anomalies / 2));
        queries.put("anomalies, newest first, any state", list(ANY, ANY, ANY, Optional.empty(), Long.MAX_VALUE));
        queries.put("anomalies, newest first, resolved", list(ANY, ANY, ANY, resolved, Long.MAX_VALUE));
        queries.put("anomalies, newest first, open, of a service", list(one, ANY, ANY, open, Long.MAX_VALUE));
        queries.put("anomalies, newest first, open, of a kind", list(ANY, kind, ANY, open, Long.MAX_VALUE));
        queries.put("anomalies, newest first, open, critical", list(ANY, ANY, Optional.of("critical"), open, Long.MAX_VALUE));
        queries.put("one anomaly", () -> storage.anomalies().find("anomaly-" + anomalies / 3, RULE));
        queries.put("an anomaly's counts by hour", () -> storage.anomalies().counts("anomaly-350", WindowStep.HOUR, 1_500));
        queries.put("overview: open by service, kind and severity", () -> storage.trends().open(RULE, NOW_NS - 24 * HOUR_NS));
        queries.put("overview: opened by hour", () -> storage.trends().opened(NOW_NS - 48 * HOUR_NS));
        queries.put("overview: newest", () -> storage.trends().newest(RULE, 8));
        queries.put("overview: growing", () -> storage.trends().grown(RULE, NOW_NS - 24 * HOUR_NS, 8));
        queries.put("services", () -> storage.windows().services(RULE, Optional.empty(), 1_000));
        queries.put("windows of a service, 15 minutes", windows(WindowStep.RAW, 900));
        queries.put("minutes of a service, 6 hours", windows(WindowStep.MINUTE, 21_600));
        queries.put("hours of a service, 14 days", windows(WindowStep.HOUR, 14 * 86_400));
        queries.put("flame graph of a minute", profiles(60 * SECOND_NS));
        queries.put("flame graph of a minute, from a half to the next", profiles(NOW_NS - 90 * SECOND_NS, NOW_NS - 30 * SECOND_NS));
        queries.put("flame graph of two minutes, from a half to a half", profiles(NOW_NS - 150 * SECOND_NS, NOW_NS - 30 * SECOND_NS));
        queries.put("flame graph of an hour", profiles(HOUR_NS));
        queries.put("flame graph of a day", profiles(24 * HOUR_NS));
        queries.put("map, 15 minutes", map(WindowStep.MINUTE, 15 * 60 * SECOND_NS));
        queries.put("map, 2 hours", map(WindowStep.MINUTE, 2 * HOUR_NS));
        queries.put("map, a day", map(WindowStep.HOUR, 24 * HOUR_NS));
        queries.put("compare two hours", this::compareHours);
        queries.put("compare two versions", this::compareVersions);
        return queries;
    }

    /** All that the page asks for. */
    private void compareHours() {
        storage.windowSums().versions(range(WindowStep.HOUR, 14 * 24 * HOUR_NS));
        storage.windowSums().service(range(WindowStep.MINUTE, 2 * HOUR_NS, HOUR_NS), ANY);
        storage.windowSums().service(range(WindowStep.MINUTE, HOUR_NS, 0), ANY);
        storage.graph().seenWithin(ANY, SERVICE, NOW_NS - 2 * HOUR_NS, NOW_NS, RULE, 2_000);
    }

    /** The same: when the versions came and went, to the minute, and the sums of two hundred hours and of three. */
    private void compareVersions() {
        storage.windowSums().versions(range(WindowStep.HOUR, 14 * 24 * HOUR_NS));
        for (int hour : new int[] {200, 4, 3, 1}) {
            storage.windowSums().versions(range(WindowStep.MINUTE, hour * HOUR_NS, (hour - 1) * HOUR_NS));
        }
        storage.windowSums().service(range(WindowStep.HOUR, 200 * HOUR_NS, 3 * HOUR_NS), Optional.of("v1"));
        storage.windowSums().service(range(WindowStep.HOUR, 3 * HOUR_NS, 0), Optional.of("v2"));
        storage.graph().seenWithin(ANY, SERVICE, NOW_NS - 14 * 24 * HOUR_NS, NOW_NS, RULE, 2_000);
    }

    private static WindowRange range(WindowStep step, long sinceNs, long untilNs) {
        return new WindowRange(Optional.of(""), SERVICE, step, NOW_NS - sinceNs, NOW_NS - untilNs, 20_000);
    }

    private static WindowRange range(WindowStep step, long lengthNs) {
        return range(step, lengthNs, 0);
    }

    /** All that the page asks for. */
    private Runnable map(WindowStep step, long lengthNs) {
        return () -> {
            storage.graph().peers(10_000);
            storage.windows().services(RULE, Optional.empty(), 1_000);
            storage.windowSums().routes(step, NOW_NS - lengthNs, NOW_NS + 1, 50_000);
            storage.graph().seenWithin(List.of("kind-1", "kind-2", "kind-3"), NOW_NS - lengthNs, NOW_NS, RULE, 500);
        };
    }

    private Runnable worst(
            Optional<String> service,
            Optional<String> kind,
            Optional<String> severity,
            Optional<AnomalyState> state,
            Optional<Place> after) {
        AnomalyFilter filter = filter(service, kind, severity, state, Long.MAX_VALUE);
        return () -> storage.ranking().page(filter, after, RULE);
    }

    private static AnomalyFilter filter(
            Optional<String> service,
            Optional<String> kind,
            Optional<String> severity,
            Optional<AnomalyState> state,
            long beforeSeq) {
        return new AnomalyFilter(ANY, service, kind, severity, state, Long.MIN_VALUE, false, beforeSeq, 100);
    }

    private Runnable profiles(long lengthNs) {
        return profiles(NOW_NS - lengthNs, NOW_NS + 1);
    }

    private Runnable profiles(long sinceNs, long untilNs) {
        Selection selection = new Selection(Optional.of(""), SERVICE, ANY, sinceNs, untilNs);
        StackTaker nobody = new StackTaker() {
            @Override
            public void entry(String route, String reason, Stack stack, long count, long blockedNs) {}

            @Override
            public void rest(long coveredNs, long otherNs, long otherSamples) {}
        };
        return () -> storage.profiles().read(selection, nobody);
    }

    private Runnable list(
            Optional<String> service,
            Optional<String> kind,
            Optional<String> severity,
            Optional<AnomalyState> state,
            long beforeSeq) {
        AnomalyFilter filter = filter(service, kind, severity, state, beforeSeq);
        return () -> storage.anomalies().list(filter, RULE);
    }

    /** Both queries behind the answer, with its limit. */
    private Runnable windows(WindowStep step, long seconds) {
        Optional<String> namespace = Optional.of("");
        long sinceNs = NOW_NS - seconds * SECOND_NS;
        return () -> {
            storage.windows().runtimeWindows(step, namespace, SERVICE, sinceNs, 1_000);
            storage.windows().routeWindows(step, namespace, SERVICE, sinceNs, 1_000);
        };
    }

    private static void measure(String what, Runnable query) {
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
