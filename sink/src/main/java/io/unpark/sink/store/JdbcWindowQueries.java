package io.unpark.sink.store;

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
            FROM services s ORDER BY s.service, s.namespace""".formatted(JdbcAnomalyQueries.OPEN, ALIVE, ALIVE);

    private final Database database;

    JdbcWindowQueries(Database database) {
        this.database = database;
    }

    @Override
    public List<ServiceSummary> services(StateRule rule) {
        return database.query(
                "listing services",
                SERVICES,
                JdbcWindowQueries::service,
                JdbcAnomalyQueries.openParameters(rule).toArray());
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
        return windows("runtime_windows", namespace, service, sinceNs, limit);
    }

    @Override
    public List<String> routeWindows(Optional<String> namespace, String service, long sinceNs, int limit) {
        return windows("route_windows", namespace, service, sinceNs, limit);
    }

    @Override
    public List<String> runtimeWindows(
            WindowStep step, Optional<String> namespace, String service, long sinceNs, int limit) {
        return step == WindowStep.RAW
                ? runtimeWindows(namespace, service, sinceNs, limit)
                : rolledUp("runtime_rollups", step, namespace, service, sinceNs, limit);
    }

    @Override
    public List<String> routeWindows(
            WindowStep step, Optional<String> namespace, String service, long sinceNs, int limit) {
        return step == WindowStep.RAW
                ? routeWindows(namespace, service, sinceNs, limit)
                : rolledUp("route_rollups", step, namespace, service, sinceNs, limit);
    }

    private List<String> rolledUp(
            String table, WindowStep step, Optional<String> namespace, String service, long sinceNs, int limit) {
        List<Object> parameters = new ArrayList<>(List.of(service, step.seconds(), step.startNs(sinceNs)));
        String sql = "SELECT document FROM " + table + " WHERE service = ? AND step_s = ? AND start_ns >= ?"
                + in(namespace, parameters) + " ORDER BY start_ns DESC, id DESC FETCH FIRST ? ROWS ONLY";
        parameters.add(limit);
        return oldestFirst(sql, parameters);
    }

    private List<String> windows(String table, Optional<String> namespace, String service, long sinceNs, int limit) {
        List<Object> parameters = new ArrayList<>(List.of(service, sinceNs));
        String sql = "SELECT document FROM " + table + " WHERE service = ? AND end_ns >= ?" + in(namespace, parameters)
                + " ORDER BY end_ns DESC, id DESC FETCH FIRST ? ROWS ONLY";
        parameters.add(limit);
        return oldestFirst(sql, parameters);
    }

    private List<String> oldestFirst(String sql, List<Object> parameters) {
        List<String> newestFirst =
                database.query("reading windows", sql, row -> row.getString(1), parameters.toArray());
        Collections.reverse(newestFirst);
        return newestFirst;
    }

    private static String in(Optional<String> namespace, List<Object> parameters) {
        namespace.ifPresent(parameters::add);
        return namespace.isPresent() ? " AND namespace = ?" : "";
    }
}
