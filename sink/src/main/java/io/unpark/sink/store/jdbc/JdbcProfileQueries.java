package io.unpark.sink.store.jdbc;

import io.unpark.sink.store.ProfileQueries;
import io.unpark.sink.store.StackTaker;
import io.unpark.sink.store.WindowStep;
import io.unpark.sink.store.stacks.StackDocumentReader;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Reads profiles by JDBC. A minute or hour whose roll-up is not computed yet is read from what lies below it, so that what came
 * a moment ago is there.
 */
final class JdbcProfileQueries implements ProfileQueries {
    /** A longer time is read by minutes, and by hours beyond the second. */
    private static final long RAW_NS_MAX = 2 * WindowStep.MINUTE.lengthNs();

    private static final long MINUTES_NS_MAX = 2 * WindowStep.HOUR.lengthNs();
    /** Profiles that are read for one answer: some milliseconds each at worst. */
    private static final int READ_MAX = 2_500;

    /** Roll-ups of a minute, one a version, that are worth a look before the profiles themselves. */
    private static final int LOSSLESS_MAX = 20;

    private static final int SPANS_MAX = 10_000;
    private static final int VERSIONS_MAX = 200;

    private final Database database;

    JdbcProfileQueries(Database database) {
        this.database = database;
    }

    @Override
    public Coverage read(Selection selection, StackTaker taker) {
        try (StackDocumentReader documents = new StackDocumentReader()) {
            return database.transaction(
                    "reading profiles", connection -> new Reading(connection, selection, documents, taker).all());
        }
    }

    @Override
    public SortedSet<String> versions(Optional<String> namespace, String service, long sinceNs) {
        TreeSet<String> versions = new TreeSet<>(versions(
                " FROM profile_rollups WHERE service = ? AND step_s = ?",
                namespace,
                service,
                WindowStep.HOUR.seconds()));
        versions.addAll(versions(" FROM profiles WHERE service = ? AND end_ns >= ?", namespace, service, sinceNs));
        return versions;
    }

    private List<String> versions(String from, Optional<String> namespace, String service, Object bound) {
        List<Object> parameters = new ArrayList<>(List.of(service, bound));
        String sql = "SELECT DISTINCT version" + from + in(namespace, "namespace", parameters)
                + " ORDER BY version FETCH FIRST ? ROWS ONLY";
        parameters.add(VERSIONS_MAX);
        return database.query("reading versions", sql, row -> row.getString(1), parameters.toArray());
    }

    private static String in(Optional<String> value, String column, List<Object> parameters) {
        value.ifPresent(parameters::add);
        return value.isPresent() ? " AND " + column + " = ?" : "";
    }

    /** One answer. */
    private static final class Reading {
        private final Connection connection;
        private final Selection selection;
        private final StackDocumentReader documents;
        private final StackTaker taker;
        private final Set<RollUpSpan> due = new HashSet<>();
        private int left = READ_MAX;
        private boolean truncated;

        Reading(Connection connection, Selection selection, StackDocumentReader documents, StackTaker taker) {
            this.connection = connection;
            this.selection = selection;
            this.documents = documents;
            this.taker = taker;
        }

        Coverage all() throws SQLException {
            long since = selection.sinceNs();
            long length = selection.untilNs() - since;
            boolean onlyHours = sealed(WindowStep.HOUR);
            if (length <= RAW_NS_MAX && !onlyHours && !sealed(WindowStep.MINUTE)) {
                exactly(since, selection.untilNs());
                return new Coverage(WindowStep.RAW, since, truncated);
            }
            WindowStep step = length <= MINUTES_NS_MAX && !onlyHours ? WindowStep.MINUTE : WindowStep.HOUR;
            spans(step);
            for (RollUpSpan span : due) {
                if (span.step() == step && span.startNs() >= step.startNs(since)) {
                    below(span);
                }
            }
            rolledUp(step, selection.namespace(), step.startNs(since), selection.untilNs());
            return new Coverage(step, step.startNs(since), truncated);
        }

        /** As they came, the newest first; but a whole minute from its roll-up if that says as much: a document instead of hundreds. */
        private void exactly(long sinceNs, long untilNs) throws SQLException {
            long endNs = untilNs;
            long minuteNs = WindowStep.MINUTE.startNs(untilNs) - WindowStep.MINUTE.lengthNs();
            for (; minuteNs >= sinceNs; minuteNs -= WindowStep.MINUTE.lengthNs()) {
                List<byte[]> rolledUp = lossless(minuteNs);
                if (!rolledUp.isEmpty()) {
                    raw(selection.namespace(), minuteNs + WindowStep.MINUTE.lengthNs(), endNs);
                    rolledUp.forEach(this::take);
                    endNs = minuteNs;
                }
            }
            raw(selection.namespace(), sinceNs, endNs);
        }

        /** A minute's roll-ups if they are up to date and none of them is so long that something may have been left out. */
        private List<byte[]> lossless(long minuteNs) throws SQLException {
            List<Object> parameters = new ArrayList<>(List.of(WindowStep.MINUTE.seconds(), minuteNs));
            String which = " WHERE step_s = ? AND start_ns = ? AND service = ?";
            parameters.add(selection.service());
            which += in(selection.namespace(), "namespace", parameters);
            boolean due = !Database.query(
                            connection,
                            "SELECT 1 FROM rollup_spans" + which + " AND due FETCH FIRST 1 ROWS ONLY",
                            row -> row.getInt(1),
                            parameters.toArray())
                    .isEmpty();
            if (due) {
                return List.of();
            }
            String sql = "SELECT document FROM profile_rollups" + which + in(selection.version(), "version", parameters)
                    + " FETCH FIRST ? ROWS ONLY";
            parameters.add(LOSSLESS_MAX + 1);
            List<byte[]> found = Database.query(connection, sql, row -> row.getBytes(1), parameters.toArray());
            boolean whole = found.size() <= LOSSLESS_MAX
                    && found.stream().allMatch(it -> documents.entries(it) < ProfileRollUps.MINUTE_ENTRIES_MAX);
            return whole ? found : List.of();
        }

        private boolean sealed(WindowStep step) throws SQLException {
            List<Object> parameters =
                    new ArrayList<>(List.of(step.seconds(), step.startNs(selection.sinceNs()), selection.untilNs()));
            parameters.add(selection.service());
            String sql = "SELECT 1 FROM rollup_spans WHERE step_s = ? AND start_ns >= ? AND start_ns < ?"
                    + " AND service = ?" + in(selection.namespace(), "namespace", parameters)
                    + " AND sealed FETCH FIRST 1 ROWS ONLY";
            return !Database.query(connection, sql, row -> row.getInt(1), parameters.toArray())
                    .isEmpty();
        }

        /** Which roll-ups are not up to date: those that are due, and hours of such minutes. */
        private void spans(WindowStep coarsest) throws SQLException {
            for (WindowStep step : List.of(WindowStep.MINUTE, WindowStep.HOUR)) {
                List<Object> parameters = new ArrayList<>(
                        List.of(step.seconds(), coarsest.startNs(selection.sinceNs()), selection.untilNs()));
                parameters.add(selection.service());
                String sql = "SELECT start_ns, namespace FROM rollup_spans WHERE step_s = ? AND start_ns >= ?"
                        + " AND start_ns < ? AND service = ?" + in(selection.namespace(), "namespace", parameters)
                        + " AND due AND NOT sealed ORDER BY start_ns DESC FETCH FIRST ? ROWS ONLY";
                parameters.add(SPANS_MAX);
                for (RollUpSpan span : Database.query(
                        connection,
                        sql,
                        row -> new RollUpSpan(step, row.getLong(1), row.getString(2), selection.service()),
                        parameters.toArray())) {
                    due.add(span);
                    if (step == WindowStep.MINUTE && coarsest == WindowStep.HOUR) {
                        due.add(span.hour());
                    }
                }
            }
        }

        private void below(RollUpSpan span) throws SQLException {
            Optional<String> namespace = Optional.of(span.namespace());
            if (span.step() == WindowStep.MINUTE) {
                raw(namespace, span.startNs(), span.endNs());
                return;
            }
            for (RollUpSpan minute : due) {
                if (minute.step() == WindowStep.MINUTE && minute.hour().equals(span)) {
                    below(minute);
                }
            }
            rolledUp(WindowStep.MINUTE, namespace, span.startNs(), span.endNs());
        }

        private void raw(Optional<String> namespace, long sinceNs, long untilNs) throws SQLException {
            List<Object> parameters = new ArrayList<>(List.of(selection.service(), sinceNs, untilNs));
            String sql = "SELECT document FROM profiles WHERE service = ? AND end_ns >= ? AND end_ns < ?"
                    + in(namespace, "namespace", parameters) + in(selection.version(), "version", parameters)
                    + " ORDER BY end_ns DESC FETCH FIRST ? ROWS ONLY";
            parameters.add(left + 1);
            Database.forEach(connection, sql, row -> take(row.getBytes(1)), parameters.toArray());
        }

        private void rolledUp(WindowStep step, Optional<String> namespace, long sinceNs, long untilNs)
                throws SQLException {
            List<Object> parameters = new ArrayList<>(List.of(selection.service(), step.seconds(), sinceNs, untilNs));
            String sql = "SELECT start_ns, namespace, document FROM profile_rollups"
                    + " WHERE service = ? AND step_s = ? AND start_ns >= ? AND start_ns < ?"
                    + in(namespace, "namespace", parameters) + in(selection.version(), "version", parameters)
                    + " ORDER BY start_ns DESC FETCH FIRST ? ROWS ONLY";
            parameters.add(left + 1 + due.size());
            Database.forEach(
                    connection,
                    sql,
                    row -> {
                        RollUpSpan span = new RollUpSpan(step, row.getLong(1), row.getString(2), selection.service());
                        if (!due.contains(span)) {
                            take(row.getBytes(3));
                        }
                    },
                    parameters.toArray());
        }

        private void take(byte[] document) {
            if (left == 0) {
                truncated = true;
                return;
            }
            left--;
            documents.read(document, taker);
        }
    }
}
