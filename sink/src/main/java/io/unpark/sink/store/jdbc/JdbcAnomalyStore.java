package io.unpark.sink.store.jdbc;

import io.unpark.sink.store.AnomalyRow;
import io.unpark.sink.store.AnomalyStore;
import io.unpark.sink.store.NoticeRules;
import io.unpark.sink.store.OffsetAdvance;
import io.unpark.sink.store.PeerSeen;
import io.unpark.sink.store.SinkBatch;
import io.unpark.sink.store.SliceStore;
import io.unpark.sink.store.SourcePartition;
import io.unpark.sink.store.StaleOwnerException;
import io.unpark.sink.store.WindowStep;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The write side by JDBC. */
final class JdbcAnomalyStore implements AnomalyStore {
    private static final String ADVANCE = """
            UPDATE consumer_offsets SET next_offset = ?
            WHERE cluster_id = ? AND topic_id = ? AND partition_id = ? AND next_offset = ?""";
    private static final String FIRST_OFFSET =
            "INSERT INTO consumer_offsets (next_offset, cluster_id, topic_id, partition_id, topic) VALUES (?, ?, ?, ?, ?)";
    private static final String READ_OFFSET =
            "SELECT next_offset FROM consumer_offsets WHERE cluster_id = ? AND topic_id = ? AND partition_id = ?";
    private static final String NEW_SLICE = """
            INSERT INTO slices (anomaly_id, finding_id, state, refs, reason, capture, first_generation, last_generation)
            VALUES (?, ?, 'PENDING', ?, '', '', 0, 0)""";
    private static final String DROP_OLD_SLICES = """
            DELETE FROM slices WHERE anomaly_id = ? AND id NOT IN
                (SELECT id FROM slices WHERE anomaly_id = ? ORDER BY id DESC FETCH FIRST %d ROWS ONLY)""".formatted(SliceStore.SLICES_PER_ANOMALY_MAX);

    private final Database database;
    private final NoticeWriter notices;

    JdbcAnomalyStore(Database database, NoticeRules rules) {
        this.database = database;
        this.notices = new NoticeWriter(rules);
    }

    @Override
    public void write(SinkBatch batch) throws StaleOwnerException {
        database.<Void, StaleOwnerException>transaction("writing a batch", connection -> {
            // Offsets first: their rows are locked from here on, and a stale owner stops before it does any work.
            for (OffsetAdvance step : batch.offsets()) {
                advance(connection, step);
            }
            List<AnomalyRow> anomalies = batch.anomalies().values().stream()
                    .flatMap(Optional::stream)
                    .toList();
            Upserts.ANOMALY_COUNTS.run(connection, batch.counts());
            Upserts.ANOMALIES.run(connection, anomalies);
            for (AnomalyRow row : anomalies) {
                planSlice(connection, row);
            }
            for (Map.Entry<String, Optional<AnomalyRow>> entry :
                    batch.anomalies().entrySet()) {
                if (entry.getValue().isEmpty()) {
                    notices.withdraw(connection, entry.getKey());
                    delete(connection, entry.getKey());
                }
            }
            // Before the windows: whoever computes a minute holds its span, and must see all windows that were marked.
            RollUpSpans.mark(connection, RollUpSpan.minutes(batch));
            Upserts.RUNTIME_WINDOWS.run(connection, batch.runtimeWindows());
            Upserts.ROUTE_WINDOWS.run(connection, batch.routeWindows());
            Upserts.PROFILES.run(connection, batch.profiles());
            Upserts.REQUESTS.run(connection, batch.requests());
            Upserts.PEERS.run(connection, peers(batch));
            InstanceSeen.UPSERT.run(connection, InstanceSeen.in(batch));
            Upserts.SERVICES.run(connection, ServiceSeen.in(batch));
            // After all of the above: what is told depends on it.
            notices.written(connection, anomalies.stream().map(AnomalyRow::id).toList());
            numberChanges(connection, batch.anomalies());
            return null;
        });
    }

    /** Those of a batch's requests, the last of each id, sorted so that two writers lock rows in the same order. */
    private static Collection<PeerSeen> peers(SinkBatch batch) {
        TreeMap<String, PeerSeen> last = new TreeMap<>();
        batch.requests().forEach(request -> request.peers().forEach(seen -> last.put(seen.id(), seen)));
        return last.values();
    }

    /** Last, as others wait for the counter of changes from here on. */
    private static void numberChanges(Connection connection, Map<String, Optional<AnomalyRow>> anomalies)
            throws SQLException {
        List<String> written = new ArrayList<>();
        for (Map.Entry<String, Optional<AnomalyRow>> entry : anomalies.entrySet()) {
            if (entry.getValue().isPresent()) {
                written.add(entry.getKey());
            } else {
                JdbcAnomalyChanges.forget(connection, "anomaly_id = ?", entry.getKey());
            }
        }
        if (!written.isEmpty()) {
            JdbcAnomalyChanges.written(connection, written);
        }
    }

    private static void advance(Connection connection, OffsetAdvance step) throws SQLException, StaleOwnerException {
        SourcePartition source = step.source();
        if (step.expected() == OffsetAdvance.ABSENT) {
            if (readOffset(connection, source).isPresent()) {
                throw new StaleOwnerException(step);
            }
            Database.update(
                    connection,
                    FIRST_OFFSET,
                    step.next(),
                    source.clusterId(),
                    source.topicId(),
                    source.partition(),
                    source.topic());
            return;
        }
        int moved = Database.update(
                connection,
                ADVANCE,
                step.next(),
                source.clusterId(),
                source.topicId(),
                source.partition(),
                step.expected());
        if (moved == 0) {
            throw new StaleOwnerException(step);
        }
    }

    private static Optional<Long> readOffset(Connection connection, SourcePartition source) throws SQLException {
        return Database.query(
                        connection,
                        READ_OFFSET,
                        row -> row.getLong(1),
                        source.clusterId(),
                        source.topicId(),
                        source.partition())
                .stream()
                .findFirst();
    }

    /** An anomaly that opens or has another worst example gets a job to copy the bytes behind it. */
    private static void planSlice(Connection connection, AnomalyRow row) throws SQLException {
        if (row.slices().isEmpty()) {
            return;
        }
        boolean planned = !Database.query(
                        connection,
                        "SELECT id FROM slices WHERE anomaly_id = ? AND finding_id = ?",
                        result -> result.getLong(1),
                        row.id(),
                        row.worstFindingId())
                .isEmpty();
        if (!planned) {
            Database.update(connection, NEW_SLICE, row.id(), row.worstFindingId(), SliceRefs.toJson(row.slices()));
            Database.update(connection, DROP_OLD_SLICES, row.id(), row.id());
        }
    }

    private static void delete(Connection connection, String id) throws SQLException {
        Database.update(connection, "DELETE FROM slices WHERE anomaly_id = ?", id);
        Database.update(connection, "DELETE FROM anomaly_counts WHERE anomaly_id = ?", id);
        Database.update(connection, "DELETE FROM anomalies WHERE id = ?", id);
    }

    @Override
    public Map<SourcePartition, Long> nextOffsets(Collection<SourcePartition> sources) {
        return database.transaction("reading offsets", connection -> {
            Map<SourcePartition, Long> offsets = new HashMap<>();
            for (SourcePartition source : sources) {
                readOffset(connection, source).ifPresent(offset -> offsets.put(source, offset));
            }
            return offsets;
        });
    }

    @Override
    public int deleteOlder(long anomaliesBeforeMs, long othersBeforeMs) {
        return database.transaction("deleting what is past its retention", connection -> {
            Database.update(
                    connection,
                    "DELETE FROM slices WHERE anomaly_id IN (SELECT id FROM anomalies WHERE arrived_ms < ?)",
                    anomaliesBeforeMs);
            int deleted = Database.update(connection, "DELETE FROM anomalies WHERE arrived_ms < ?", anomaliesBeforeMs);
            Database.update(
                    connection,
                    "DELETE FROM notice_states WHERE NOT EXISTS (SELECT 1 FROM anomalies a WHERE a.id = anomaly_id)");
            for (String table : List.of("runtime_windows", "route_windows", "profiles", "requests")) {
                deleted +=
                        Database.update(connection, "DELETE FROM " + table + " WHERE arrived_ms < ?", othersBeforeMs);
            }
            // Hours as long as their anomaly, minutes no longer than windows: a chart of months has no use for minutes.
            for (WindowStep step : List.of(WindowStep.HOUR, WindowStep.MINUTE)) {
                Database.update(
                        connection,
                        "DELETE FROM anomaly_counts WHERE step_s = ? AND arrived_ms < ?",
                        step.seconds(),
                        step == WindowStep.HOUR ? anomaliesBeforeMs : othersBeforeMs);
            }
            for (String table : List.of("instances", "peers")) {
                Database.update(connection, "DELETE FROM " + table + " WHERE arrived_ms < ?", othersBeforeMs);
            }
            deleted += Database.update(connection, """
                    DELETE FROM services WHERE last_arrival_ms < ? AND NOT EXISTS (SELECT 1 FROM anomalies a
                        WHERE a.namespace = services.namespace AND a.service = services.service)""", othersBeforeMs);
            JdbcAnomalyChanges.forget(
                    connection, "NOT EXISTS (SELECT 1 FROM anomalies a WHERE a.id = anomaly_changes.anomaly_id)");
            return deleted;
        });
    }
}
