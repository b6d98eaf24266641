package io.unpark.sink.store.jdbc;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.unpark.sink.store.RollUpRetention;
import io.unpark.sink.store.StoreException;
import io.unpark.sink.store.WindowStep;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * Rolls windows up: minutes are a function of the windows that end in them, hours one of their minutes. Each span is computed
 * in a transaction of its own that begins with a lock on it, so it may be stopped, killed or run twice at any time.
 */
public final class RollUps {
    private static final int SPANS_AT_ONCE = 500;
    /** H2's longest VARCHAR. */
    private static final int DOCUMENT_CHARS_MAX = 1_048_576;
    /** What a document that is too long loses, in this order. */
    private static final List<String> EXPENDABLE =
            List.of("edges", "roots", "slowest", "goroutines_by_creation", "goroutines_by_reason");

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Database database;

    RollUps(Database database) {
        this.database = database;
    }

    /**
     * Computes what is due. Throws {@link StoreException} when the database fails; what was computed till then stays.
     *
     * @param goOn asked before each span
     * @return how many spans were computed
     */
    public int run(BooleanSupplier goOn) {
        int computed = 0;
        for (WindowStep step : List.of(WindowStep.MINUTE, WindowStep.HOUR)) {
            List<RollUpSpan> due;
            do {
                due = RollUpSpans.due(database, step, SPANS_AT_ONCE);
                for (RollUpSpan span : due) {
                    if (!goOn.getAsBoolean()) {
                        return computed;
                    }
                    computed += compute(span) ? 1 : 0;
                }
            } while (due.size() == SPANS_AT_ONCE);
        }
        return computed;
    }

    /**
     * Deletes what is past its retention, each span's windows together and only when its roll-up holds them all. Throws {@link
     * StoreException} when the database fails; what was deleted till then stays so.
     *
     * @param goOn asked before each span
     * @return how many spans lost what lay below them
     */
    public int expire(long nowMs, RollUpRetention retention, BooleanSupplier goOn) {
        return new RollUpExpiry(database).run(nowMs, retention, goOn);
    }

    private boolean compute(RollUpSpan span) {
        return this.<Boolean>transaction("rolling up windows", connection -> {
            Optional<Long> arrivedMs = RollUpSpans.takeDue(connection, span);
            if (arrivedMs.isEmpty()) {
                return false;
            }
            RollUpExpiry.deleteRows(connection, span.step(), span);
            if (span.step() == WindowStep.MINUTE) {
                minute(connection, span);
                ProfileRollUps.minute(connection, span);
                RollUpSpans.mark(connection, Map.of(span.hour(), arrivedMs.get()));
            } else {
                hour(connection, span);
                ProfileRollUps.hour(connection, span);
            }
            return true;
        });
    }

    private static void minute(Connection connection, RollUpSpan span) throws SQLException {
        Map<RollUpKey, RuntimeSum> runtime = new TreeMap<>();
        forEachWindow(
                connection,
                "runtime_windows",
                span,
                window -> runtime.computeIfAbsent(RollUpKey.of(window, WindowStep.MINUTE), key -> new RuntimeSum())
                        .add(window, RuntimeSum.OVER_TIME));
        insert(connection, "runtime_rollups", span, runtimeDocuments(runtime, span));
        Map<RollUpKey, RouteSum> routes = new TreeMap<>();
        forEachWindow(connection, "route_windows", span, window -> addTo(routes, window, WindowStep.MINUTE));
        insertRoutes(connection, span, routes);
    }

    private static void hour(Connection connection, RollUpSpan span) throws SQLException {
        // Levels add up over the instances of a minute first: an hour's are those of its highest minute.
        Map<RollUpKey, Map<String, RuntimeSum>> minutes = new TreeMap<>();
        forEachMinute(
                connection,
                "runtime_rollups",
                span,
                minute -> minutes.computeIfAbsent(RollUpKey.of(minute, WindowStep.HOUR), key -> new TreeMap<>())
                        .computeIfAbsent(minute.path("start").asText(), start -> new RuntimeSum())
                        .add(minute, RuntimeSum.OVER_INSTANCES));
        Map<RollUpKey, RuntimeSum> runtime = new TreeMap<>();
        minutes.forEach((key, sums) -> {
            RuntimeSum hour = new RuntimeSum();
            sums.values().forEach(minute -> hour.add(minute.json(key, span), RuntimeSum.OVER_TIME));
            runtime.put(key, hour);
        });
        insert(connection, "runtime_rollups", span, runtimeDocuments(runtime, span));
        Map<RollUpKey, RouteSum> routes = new TreeMap<>();
        forEachMinute(connection, "route_rollups", span, minute -> addTo(routes, minute, WindowStep.HOUR));
        insertRoutes(connection, span, routes);
    }

    private static void addTo(Map<RollUpKey, RouteSum> routes, JsonNode window, WindowStep into) {
        routes.computeIfAbsent(RollUpKey.of(window, into), key -> new RouteSum())
                .add(window);
    }

    private static List<ObjectNode> runtimeDocuments(Map<RollUpKey, RuntimeSum> sums, RollUpSpan span) {
        List<ObjectNode> documents = new ArrayList<>();
        sums.forEach((key, sum) -> documents.add(sum.json(key, span)));
        return documents;
    }

    /** Each, and all of them together. */
    private static void insertRoutes(Connection connection, RollUpSpan span, Map<RollUpKey, RouteSum> routes)
            throws SQLException {
        List<ObjectNode> documents = new ArrayList<>();
        RouteSum all = new RouteSum();
        routes.forEach((key, sum) -> {
            ObjectNode document = sum.json(key, span);
            documents.add(document);
            all.add(document);
        });
        insert(connection, "route_rollups", span, documents);
        if (!documents.isEmpty()) {
            insert(connection, "service_rollups", span, List.of(all.service(span)));
        }
    }

    private static void forEachWindow(Connection connection, String table, RollUpSpan span, Consumer<JsonNode> windows)
            throws SQLException {
        Database.forEach(
                connection,
                "SELECT document FROM " + table + " WHERE service = ? AND namespace = ? AND end_ns >= ? AND end_ns < ?",
                row -> windows.accept(parse(row.getString(1))),
                span.service(),
                span.namespace(),
                span.startNs(),
                span.endNs());
    }

    private static void forEachMinute(Connection connection, String table, RollUpSpan hour, Consumer<JsonNode> windows)
            throws SQLException {
        Database.forEach(
                connection,
                "SELECT document FROM " + table
                        + " WHERE service = ? AND namespace = ? AND step_s = ? AND start_ns >= ? AND start_ns < ?",
                row -> windows.accept(parse(row.getString(1))),
                hour.service(),
                hour.namespace(),
                WindowStep.MINUTE.seconds(),
                hour.startNs(),
                hour.endNs());
    }

    private static JsonNode parse(String document) {
        try {
            return JSON.readTree(document);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a stored document is not JSON", e);
        }
    }

    private static void insert(Connection connection, String table, RollUpSpan span, List<ObjectNode> documents)
            throws SQLException {
        String sql =
                "INSERT INTO " + table + " (step_s, start_ns, namespace, service, document) VALUES (?, ?, ?, ?, ?)";
        try (PreparedStatement insert = connection.prepareStatement(sql)) {
            for (ObjectNode document : documents) {
                Database.bind(
                        insert,
                        span.step().seconds(),
                        span.startNs(),
                        span.namespace(),
                        span.service(),
                        shortEnough(document));
                insert.addBatch();
            }
            insert.executeBatch();
        }
    }

    private static String shortEnough(ObjectNode document) {
        String text = document.toString();
        for (String name : EXPENDABLE) {
            if (text.length() <= DOCUMENT_CHARS_MAX) {
                break;
            }
            document.remove(name);
            text = document.put("left_out", true).toString();
        }
        return text;
    }

    private <T> T transaction(String what, Database.Work<T, RuntimeException> work) {
        return database.transaction(what, work);
    }
}
