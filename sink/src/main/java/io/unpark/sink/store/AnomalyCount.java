package io.unpark.sink.store;

import java.util.List;
import java.util.stream.Stream;

/**
 * How many an anomaly stood for when it was last seen within a minute or hour: the last word on that span.
 *
 * @param startNs of the span, event time, nanoseconds since 1970 UTC
 * @param subjects as the anomaly's {@code count}
 * @param arrivedMs time of acceptance, milliseconds since 1970 UTC
 */
public record AnomalyCount(String anomalyId, WindowStep step, long startNs, long subjects, long arrivedMs) {

    static final Upsert<AnomalyCount> UPSERT = new Upsert<>(
            "UPDATE anomaly_counts SET subjects = ?, arrived_ms = ? WHERE anomaly_id = ? AND step_s = ? AND start_ns = ?",
            AnomalyCount::values,
            "INSERT INTO anomaly_counts (subjects, arrived_ms, anomaly_id, step_s, start_ns) VALUES (?, ?, ?, ?, ?)",
            AnomalyCount::values);

    /** Of the minute and of the hour in which it was last seen; none when that is not known. */
    public static List<AnomalyCount> of(AnomalyRow row) {
        return row.lastSeenNs() <= 0
                ? List.of()
                : Stream.of(WindowStep.MINUTE, WindowStep.HOUR)
                        .map(step -> new AnomalyCount(
                                row.id(), step, step.startNs(row.lastSeenNs()), row.count(), row.arrivedMs()))
                        .toList();
    }

    private Object[] values() {
        return new Object[] {subjects, arrivedMs, anomalyId, step.seconds(), startNs};
    }
}
