package io.unpark.sink.store.jdbc;

import io.unpark.sink.store.SliceJob;
import io.unpark.sink.store.SliceLookup;
import io.unpark.sink.store.SliceState;
import io.unpark.sink.store.SliceStore;
import io.unpark.sink.store.TraceSlice;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Slices by JDBC. */
final class JdbcSliceStore implements SliceStore {
    private static final int REASON_CHARS_MAX = 512;
    private static final String BEST = """
            SELECT s.state, s.reason, s.capture, s.first_generation, s.last_generation, s.trace
            FROM slices s LEFT JOIN anomalies a ON a.id = s.anomaly_id
            WHERE s.anomaly_id = ?
            ORDER BY CASE s.state WHEN 'READY' THEN 0 WHEN 'PENDING' THEN 1 ELSE 2 END,
              CASE WHEN s.finding_id = a.worst_finding_id THEN 0 ELSE 1 END, s.id DESC
            FETCH FIRST 1 ROWS ONLY""";

    private final Database database;

    JdbcSliceStore(Database database) {
        this.database = database;
    }

    @Override
    public List<SliceJob> pending(int limit) {
        return database.query(
                "reading slices to copy",
                "SELECT id, anomaly_id, refs FROM slices WHERE state = 'PENDING' ORDER BY id FETCH FIRST ? ROWS ONLY",
                row -> new SliceJob(row.getLong(1), row.getString(2), SliceRefs.fromJson(row.getString(3))),
                limit);
    }

    @Override
    public void ready(SliceJob job, TraceSlice slice) {
        database.update(
                "keeping a slice",
                """
                UPDATE slices SET state = 'READY', capture = ?, first_generation = ?, last_generation = ?, trace = ?
                WHERE id = ?""",
                slice.capture(),
                slice.firstGeneration(),
                slice.lastGeneration(),
                slice.bytes(),
                job.id());
    }

    @Override
    public void gone(SliceJob job, String reason) {
        String shortened = reason.length() > REASON_CHARS_MAX ? reason.substring(0, REASON_CHARS_MAX) : reason;
        database.update(
                "keeping why a slice is gone",
                "UPDATE slices SET state = 'GONE', reason = ? WHERE id = ?",
                shortened,
                job.id());
    }

    @Override
    public Optional<SliceLookup> find(String anomalyId) {
        return database.queryOne("reading a slice", BEST, JdbcSliceStore::read, anomalyId);
    }

    private static SliceLookup read(ResultSet row) throws SQLException {
        SliceState state = SliceState.valueOf(row.getString("state"));
        Optional<TraceSlice> slice = state != SliceState.READY
                ? Optional.empty()
                : Optional.of(new TraceSlice(
                        row.getString("capture"),
                        row.getLong("first_generation"),
                        row.getLong("last_generation"),
                        row.getBytes("trace")));
        return new SliceLookup(state, row.getString("reason"), slice);
    }

    @Override
    public Map<SliceState, Long> counts() {
        Map<SliceState, Long> counts = new EnumMap<>(SliceState.class);
        for (SliceState state : SliceState.values()) {
            counts.put(state, 0L);
        }
        database.query(
                        "counting slices",
                        "SELECT state, COUNT(*) FROM slices GROUP BY state",
                        row -> Map.entry(SliceState.valueOf(row.getString(1)), row.getLong(2)))
                .forEach(entry -> counts.put(entry.getKey(), entry.getValue()));
        return counts;
    }
}
