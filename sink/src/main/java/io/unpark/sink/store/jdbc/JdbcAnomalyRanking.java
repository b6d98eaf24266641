package io.unpark.sink.store.jdbc;

import io.unpark.sink.store.AnomalyFilter;
import io.unpark.sink.store.AnomalyRanking;
import io.unpark.sink.store.AnomalyState;
import io.unpark.sink.store.StateRule;
import io.unpark.sink.store.StoredAnomaly;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Ranks by JDBC: one query for each state and severity until the page is full. Each goes along an index from the anomaly that was
 * seen last, so that no more is read than is shown, however much is open.
 */
final class JdbcAnomalyRanking implements AnomalyRanking {
    private static final List<AnomalyState> STATES = List.of(AnomalyState.OPEN, AnomalyState.RESOLVED);
    private static final List<String> SEVERITIES = List.of("critical", "warning", "info");

    private static final String SELECT = "SELECT a.id, a.seq, a.document, a.last_seen_ns" + StateSql.FROM;
    private static final String AFTER =
            " AND a.last_seen_ns <= CAST(? AS BIGINT) AND (a.last_seen_ns < CAST(? AS BIGINT) OR a.id > ?)";
    private static final String COUNT = "SELECT a.kind, a.severity, COUNT(*)" + StateSql.FROM;

    private final Database database;

    JdbcAnomalyRanking(Database database) {
        this.database = database;
    }

    @Override
    public List<Ranked> page(AnomalyFilter filter, Optional<Place> after, StateRule rule) {
        List<Ranked> page = new ArrayList<>();
        for (AnomalyState state : STATES) {
            for (String severity : SEVERITIES) {
                Optional<Place> within =
                        after.filter(it -> it.state() == state && it.severity().equals(severity));
                boolean wanted = filter.state().orElse(state) == state
                        && filter.severity().orElse(severity).equals(severity)
                        && (within.isPresent()
                                || after.map(it -> isLater(it, state, severity)).orElse(true));
                if (wanted && page.size() < filter.limit()) {
                    page.addAll(group(filter, state, severity, within, rule, filter.limit() - page.size()));
                }
            }
        }
        return page;
    }

    /** Whether all of a state and severity come after the place. */
    private static boolean isLater(Place place, AnomalyState state, String severity) {
        int states = Integer.compare(STATES.indexOf(state), STATES.indexOf(place.state()));
        return states > 0 || states == 0 && SEVERITIES.indexOf(severity) > SEVERITIES.indexOf(place.severity());
    }

    private List<Ranked> group(
            AnomalyFilter filter,
            AnomalyState state,
            String severity,
            Optional<Place> after,
            StateRule rule,
            int limit) {
        List<Object> parameters = new ArrayList<>(List.of(severity));
        StringBuilder sql = new StringBuilder(SELECT).append("WHERE a.severity = ?");
        JdbcAnomalyQueries.restrict(sql, parameters, filter);
        after.ifPresent(place -> {
            sql.append(AFTER);
            parameters.addAll(List.of(place.lastSeenNs(), place.lastSeenNs(), place.id()));
        });
        StateSql.restrict(sql, parameters, state, database, rule);
        sql.append(" ORDER BY ")
                .append(sameOfAll(filter))
                .append("a.severity, a.last_seen_ns DESC, a.id FETCH FIRST ? ROWS ONLY");
        parameters.add(limit);
        return database.query(
                "listing the worst anomalies", sql.toString(), row -> read(row, state, severity), parameters.toArray());
    }

    /** H2 goes along an index only when all of its columns are in the order, also those that have one value. */
    private static String sameOfAll(AnomalyFilter filter) {
        return (filter.service().isPresent() ? "a.service, " : "")
                + (filter.kind().isPresent() ? "a.kind, " : "");
    }

    private static Ranked read(ResultSet row, AnomalyState state, String severity) throws SQLException {
        return new Ranked(
                new Place(state, severity, row.getLong("last_seen_ns"), row.getString("id")),
                new StoredAnomaly(row.getLong("seq"), state, row.getString("document")));
    }

    @Override
    public List<Open> open(AnomalyFilter filter, StateRule rule) {
        List<Object> parameters = new ArrayList<>();
        StringBuilder sql = new StringBuilder(COUNT).append("WHERE TRUE");
        JdbcAnomalyQueries.restrict(sql, parameters, filter.ofAnyKind());
        StateSql.restrict(sql, parameters, AnomalyState.OPEN, database, rule);
        sql.append(" GROUP BY a.kind, a.severity ORDER BY a.kind, a.severity");
        return database.query(
                "counting open anomalies",
                sql.toString(),
                row -> new Open(row.getString(1), row.getString(2), row.getLong(3)),
                parameters.toArray());
    }
}
