package io.unpark.sink.store;

/** What an anomaly's count was, hour by hour of event time: whether it grows. */
final class AnomalyHours {
    private static final long HOUR_NS = WindowStep.HOUR.lengthNs();

    /** To be run before the anomalies are written: the first row of an hour takes over the count up to then. */
    static final Upsert<AnomalyRow> UPSERT = new Upsert<>(
            "UPDATE anomaly_hours SET subjects = ?, arrived_ms = ? WHERE anomaly_id = ? AND hour_ns = ?",
            row -> new Object[] {row.count(), row.arrivedMs(), row.id(), hourNs(row)},
            """
            INSERT INTO anomaly_hours (subjects, arrived_ms, anomaly_id, hour_ns, subjects_before)
            VALUES (?, ?, ?, ?, COALESCE((SELECT a.subjects FROM anomalies a WHERE a.id = ?), 0))""",
            row -> new Object[] {row.count(), row.arrivedMs(), row.id(), hourNs(row), row.id()});

    private AnomalyHours() {}

    private static long hourNs(AnomalyRow row) {
        return Math.floorDiv(row.lastSeenNs(), HOUR_NS) * HOUR_NS;
    }
}
