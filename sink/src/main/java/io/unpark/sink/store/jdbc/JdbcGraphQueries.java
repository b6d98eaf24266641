package io.unpark.sink.store.jdbc;

import io.unpark.sink.store.GraphQueries;
import io.unpark.sink.store.PeerSeen;
import io.unpark.sink.store.StateRule;
import io.unpark.sink.store.StoredAnomaly;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/** Reads what connects services by JDBC. */
final class JdbcGraphQueries implements GraphQueries {
    private static final String PEERS = """
            SELECT id, namespace, service, peer, route, callee_namespace, callee_service, arrived_ms
            FROM peers ORDER BY arrived_ms DESC, id FETCH FIRST ? ROWS ONLY""";

    private final Database database;

    JdbcGraphQueries(Database database) {
        this.database = database;
    }

    @Override
    public List<PeerSeen> peers(int limit) {
        return database.query(
                "reading who calls whom",
                PEERS,
                row -> new PeerSeen(
                        row.getString(1),
                        row.getString(2),
                        row.getString(3),
                        row.getString(4),
                        row.getString(5),
                        row.getString(6),
                        row.getString(7),
                        row.getLong(8)),
                limit);
    }

    @Override
    public List<StoredAnomaly> seenWithin(
            Collection<String> kinds, long sinceNs, long untilNs, StateRule rule, int limit) {
        String marks = String.join(", ", Collections.nCopies(kinds.size(), "?"));
        return seen("a.kind IN (" + marks + ")", new ArrayList<>(kinds), sinceNs, untilNs, rule, limit);
    }

    @Override
    public List<StoredAnomaly> seenWithin(
            Optional<String> namespace, String service, long sinceNs, long untilNs, StateRule rule, int limit) {
        List<Object> parameters = new ArrayList<>(List.of(service));
        namespace.ifPresent(parameters::add);
        String where = "a.service = ?" + (namespace.isPresent() ? " AND a.namespace = ?" : "");
        return seen(where, parameters, sinceNs, untilNs, rule, limit);
    }

    private List<StoredAnomaly> seen(
            String where, List<?> values, long sinceNs, long untilNs, StateRule rule, int limit) {
        List<Object> parameters = new ArrayList<>(StateSql.resolvedParameters(rule));
        parameters.addAll(values);
        parameters.add(sinceNs);
        parameters.add(untilNs);
        parameters.add(limit);
        String sql = JdbcAnomalyQueries.SELECT + "WHERE " + where
                + " AND a.last_seen_ns >= ? AND a.first_seen_ns < ? AND a.confidence <> 'possible'"
                + " ORDER BY a.last_seen_ns DESC, a.id FETCH FIRST ? ROWS ONLY";
        return database.query("reading anomalies of a time", sql, JdbcAnomalyQueries::read, parameters.toArray());
    }
}
