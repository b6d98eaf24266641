package io.unpark.sink.store;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Rows and the offsets they came from: written together or not at all.
 *
 * @param anomalies by id, the last word on each: a row, or empty for one that was deleted
 * @param counts what was said of the anomalies, one of each span
 */
public record SinkBatch(
        List<OffsetAdvance> offsets,
        Map<String, Optional<AnomalyRow>> anomalies,
        Collection<RuntimeWindowRow> runtimeWindows,
        Collection<RouteWindowRow> routeWindows,
        Collection<RequestRow> requests,
        Collection<ProfileRow> profiles,
        Collection<AnomalyCount> counts) {

    /** Without profiles; counts as the anomalies have them. */
    public SinkBatch(
            List<OffsetAdvance> offsets,
            Map<String, Optional<AnomalyRow>> anomalies,
            Collection<RuntimeWindowRow> runtimeWindows,
            Collection<RouteWindowRow> routeWindows,
            Collection<RequestRow> requests) {
        this(
                offsets,
                anomalies,
                runtimeWindows,
                routeWindows,
                requests,
                List.of(),
                anomalies.values().stream()
                        .flatMap(Optional::stream)
                        .flatMap(row -> AnomalyCount.of(row).stream())
                        .toList());
    }

    /** Only offsets: there was nothing to keep up to here. */
    public static SinkBatch of(List<OffsetAdvance> offsets) {
        return new SinkBatch(offsets, Map.of(), List.of(), List.of(), List.of());
    }
}
