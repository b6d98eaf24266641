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
}
