package io.unpark.sink.store;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * How many an anomaly stood for when it was last seen within a minute or hour: the last word on that span.
 *
 * @param startNs of the span, event time, nanoseconds since 1970 UTC
 * @param before its count before the first word on that span; empty when only the database can say
 * @param subjects as the anomaly's {@code count}
 * @param arrivedMs time of acceptance, milliseconds since 1970 UTC
 */
public record AnomalyCount(
        String anomalyId, WindowStep step, long startNs, Optional<Long> before, long subjects, long arrivedMs) {

    /** To be run before the anomalies are written: the first row of a span takes over the count up to then. */
    static final Upsert<AnomalyCount> UPSERT = new Upsert<>("""
            UPDATE anomaly_counts SET subjects = ?, grew = (subjects_before > 0 AND subjects_before < CAST(? AS BIGINT)), arrived_ms = ?
            WHERE anomaly_id = ? AND step_s = ? AND start_ns = ?""", AnomalyCount::updated, """
            INSERT INTO anomaly_counts (subjects, grew, arrived_ms, anomaly_id, step_s, start_ns, subjects_before)
            SELECT n.subjects, (b.subjects > 0 AND b.subjects < n.subjects), n.arrived_ms, n.anomaly_id, n.step_s, n.start_ns, b.subjects
            FROM (SELECT CAST(? AS BIGINT) AS subjects, CAST(? AS BIGINT) AS arrived_ms, CAST(? AS VARCHAR) AS anomaly_id,
                CAST(? AS INTEGER) AS step_s, CAST(? AS BIGINT) AS start_ns) n,
              (SELECT COALESCE(CAST(? AS BIGINT), (SELECT a.subjects FROM anomalies a WHERE a.id = ?), 0) AS subjects) b""", AnomalyCount::inserted);

    /** Of the minute and of the hour in which it was last seen; none when that is not known. */
    public static List<AnomalyCount> of(AnomalyRow row) {
        return row.lastSeenNs() <= 0
                ? List.of()
                : Stream.of(WindowStep.MINUTE, WindowStep.HOUR)
                        .map(step -> new AnomalyCount(
                                row.id(),
                                step,
                                step.startNs(row.lastSeenNs()),
                                Optional.empty(),
                                row.count(),
                                row.arrivedMs()))
                        .toList();
    }

    /** The same with another count before. */
    public AnomalyCount after(Optional<Long> count) {
        return new AnomalyCount(anomalyId, step, startNs, count, subjects, arrivedMs);
    }

    private Object[] updated() {
        return new Object[] {subjects, subjects, arrivedMs, anomalyId, step.seconds(), startNs};
    }

    private Object[] inserted() {
        return new Object[] {subjects, arrivedMs, anomalyId, step.seconds(), startNs, before.orElse(null), anomalyId};
    }
}
