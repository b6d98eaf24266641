package io.unpark.sink.store.jdbc;

import io.unpark.sink.store.PlacedWindow;
import io.unpark.sink.store.WindowPlace;
import io.unpark.sink.store.WindowStep;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads windows a page at a time, from the newest to older ones. */
final class JdbcWindowPages {
    private final Database database;

    JdbcWindowPages(Database database) {
        this.database = database;
    }

    /** As they came: {@code table} has them. */
    List<PlacedWindow> raw(
            String table,
            Optional<String> namespace,
            String service,
            long sinceNs,
            Optional<WindowPlace> before,
            int limit) {
        List<Object> parameters = new ArrayList<>(List.of(service, sinceNs));
        return read("end_ns", table + " WHERE service = ? AND end_ns >= ?", parameters, namespace, before, limit);
    }

    /** Rolled up to {@code step}. */
    List<PlacedWindow> rolledUp(
            String table,
            WindowStep step,
            Optional<String> namespace,
            String service,
            long sinceNs,
            Optional<WindowPlace> before,
            int limit) {
        List<Object> parameters = new ArrayList<>(List.of(service, step.seconds(), step.startNs(sinceNs)));
        return read(
                "start_ns",
                table + " WHERE service = ? AND step_s = ? AND start_ns >= ?",
                parameters,
                namespace,
                before,
                limit);
    }

    private List<PlacedWindow> read(
            String time,
            String from,
            List<Object> parameters,
            Optional<String> namespace,
            Optional<WindowPlace> before,
            int limit) {
        StringBuilder sql = new StringBuilder("SELECT ")
                .append(time)
                .append(", id, document FROM ")
                .append(from);
        namespace.ifPresent(name -> {
            sql.append(" AND namespace = ?");
            parameters.add(name);
        });
        before.ifPresent(place -> {
            // The first condition says nothing new, but an index knows it.
            sql.append(" AND %1$s <= ? AND (%1$s < ? OR id < ?)".formatted(time));
            parameters.add(place.ns());
            parameters.add(place.ns());
            parameters.add(time.equals("start_ns") ? (Object) Long.parseLong(place.id()) : place.id());
        });
        sql.append(" ORDER BY ").append(time).append(" DESC, id DESC FETCH FIRST ? ROWS ONLY");
        parameters.add(limit);
        return database.query(
                "reading windows",
                sql.toString(),
                row -> new PlacedWindow(new WindowPlace(row.getLong(1), row.getString(2)), row.getString(3)),
                parameters.toArray());
    }
}
