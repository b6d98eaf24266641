package io.unpark.sink.store.jdbc;

import io.unpark.sink.store.PlacedWindow;
import io.unpark.sink.store.ServiceName;
import io.unpark.sink.store.ServiceSummary;
import io.unpark.sink.store.StateRule;
import io.unpark.sink.store.WindowPlace;
import io.unpark.sink.store.WindowQueries;
import io.unpark.sink.store.WindowStep;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Reads services and windows by JDBC. */
final class JdbcWindowQueries implements WindowQueries {
    /** Instances without a window for so long before the service's newest one do not count as its own any more. */
    private static final long ALIVE_NS = 60_000_000_000L;

    private static final String ALIVE = """
            FROM instances i WHERE i.namespace = s.namespace AND i.service = s.service
                AND i.newest_end_ns > s.newest_window_end_ns - %d""".formatted(ALIVE_NS);

    private static final String SERVICES = """
            SELECT s.namespace, s.service, s.newest_window_end_ns, s.last_arrival_ms,
              (SELECT COUNT(*) FROM anomalies a WHERE a.namespace = s.namespace AND a.service = s.service
                AND a.confidence <> 'possible' AND %s) AS open_anomalies,
              (SELECT COUNT(*) %s) AS instances, (SELECT COALESCE(SUM(i.goroutines), 0) %s) AS goroutines
            FROM services s""".formatted(StateSql.OPEN, ALIVE, ALIVE);

    private static final String IN_ORDER = " ORDER BY s.service, s.namespace";

    private final Database database;
    private final JdbcWindowPages pages;

    JdbcWindowQueries(Database database) {
        this.database = database;
        this.pages = new JdbcWindowPages(database);
    }

    @Override
    public List<ServiceSummary> services(StateRule rule) {
        return database.query(
                "listing services",
                SERVICES + IN_ORDER,
                JdbcWindowQueries::service,
                StateSql.openParameters(database, rule).toArray());
    }

    @Override
    public List<ServiceSummary> services(StateRule rule, Optional<ServiceName> after, int limit) {
        StringBuilder sql = new StringBuilder(SERVICES);
        List<Object> parameters = new ArrayList<>(StateSql.openParameters(database, rule));
        after.ifPresent(name -> {
            sql.append(" WHERE s.service >= ? AND (s.service > ? OR s.namespace > ?)");
            parameters.addAll(List.of(name.service(), name.service(), name.namespace()));
        });
        sql.append(IN_ORDER).append(" FETCH FIRST ? ROWS ONLY");
        parameters.add(limit);
        return database.query("listing services", sql.toString(), JdbcWindowQueries::service, parameters.toArray());
    }

    private static ServiceSummary service(ResultSet row) throws SQLException {
        return new ServiceSummary(
                row.getString("namespace"),
                row.getString("service"),
                row.getInt("instances"),
                row.getLong("goroutines"),
                row.getLong("newest_window_end_ns"),
                row.getLong("last_arrival_ms"),
                row.getLong("open_anomalies"));
    }

    @Override
    public OptionalLong newestWindowEndNs(Optional<String> namespace, String service) {
        List<Object> parameters = new ArrayList<>(List.of(service));
        String sql = "SELECT newest_window_end_ns FROM services WHERE service = ?" + in(namespace, parameters);
        return database.query("reading a service", sql, row -> row.getLong(1), parameters.toArray()).stream()
                .mapToLong(Long::longValue)
                .max();
    }

    @Override
    public List<String> runtimeWindows(Optional<String> namespace, String service, long sinceNs, int limit) {
        return runtimeWindows(WindowStep.RAW, namespace, service, sinceNs, limit);
    }

    @Override
    public List<String> routeWindows(Optional<String> namespace, String service, long sinceNs, int limit) {
        return routeWindows(WindowStep.RAW, namespace, service, sinceNs, limit);
    }

    @Override
    public List<String> runtimeWindows(
            WindowStep step, Optional<String> namespace, String service, long sinceNs, int limit) {
        return oldestFirst(runtimePage(step, namespace, service, sinceNs, Optional.empty(), limit));
    }

    @Override
    public List<String> routeWindows(
            WindowStep step, Optional<String> namespace, String service, long sinceNs, int limit) {
        return oldestFirst(routePage(step, namespace, service, sinceNs, Optional.empty(), limit));
    }

    @Override
    public List<PlacedWindow> runtimePage(
            WindowStep step,
            Optional<String> namespace,
            String service,
            long sinceNs,
            Optional<WindowPlace> before,
            int limit) {
        return step == WindowStep.RAW
                ? pages.raw("runtime_windows", namespace, service, sinceNs, before, limit)
                : pages.rolledUp("runtime_rollups", step, namespace, service, sinceNs, before, limit);
    }

    @Override
    public List<PlacedWindow> routePage(
            WindowStep step,
            Optional<String> namespace,
            String service,
            long sinceNs,
            Optional<WindowPlace> before,
            int limit) {
        return step == WindowStep.RAW
                ? pages.raw("route_windows", namespace, service, sinceNs, before, limit)
                : pages.rolledUp("route_rollups", step, namespace, service, sinceNs, before, limit);
    }

    private static List<String> oldestFirst(List<PlacedWindow> newestFirst) {
        List<String> documents = new ArrayList<>();
        newestFirst.forEach(window -> documents.add(window.document()));
        Collections.reverse(documents);
        return documents;
    }

    private static String in(Optional<String> namespace, List<Object> parameters) {
        namespace.ifPresent(parameters::add);
        return namespace.isPresent() ? " AND namespace = ?" : "";
    }
}
