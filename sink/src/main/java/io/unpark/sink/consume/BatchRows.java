package io.unpark.sink.consume;

import io.unpark.sink.store.AnomalyCount;
import io.unpark.sink.store.AnomalyRow;
import io.unpark.sink.store.OffsetAdvance;
import io.unpark.sink.store.ProfileRow;
import io.unpark.sink.store.RequestRow;
import io.unpark.sink.store.RouteWindowRow;
import io.unpark.sink.store.RuntimeWindowRow;
import io.unpark.sink.store.SinkBatch;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Collects the rows of a batch: of one key only the last, which is what the records before it come to anyway. */
final class BatchRows {
    private final Map<String, Optional<AnomalyRow>> anomalies = new LinkedHashMap<>();
    private final Map<String, RuntimeWindowRow> runtimeWindows = new LinkedHashMap<>();
    private final Map<String, RouteWindowRow> routeWindows = new LinkedHashMap<>();
    private final Map<String, RequestRow> requests = new LinkedHashMap<>();
    private final Map<String, ProfileRow> profiles = new LinkedHashMap<>();
    /** By anomaly and span. */
    private final Map<List<Object>, AnomalyCount> counts = new LinkedHashMap<>();

    void put(AnomalyRow row) {
        Optional<AnomalyRow> known = anomalies.put(row.id(), Optional.of(row));
        for (AnomalyCount count : AnomalyCount.of(row)) {
            // What this batch knows of before the span; nothing when the anomaly is in it for the first time.
            AnomalyCount next = known == null
                    ? count
                    : count.after(known.map(AnomalyRow::count).or(() -> Optional.of(0L)));
            counts.merge(
                    List.of(count.anomalyId(), count.step(), count.startNs()),
                    next,
                    (first, last) -> last.after(first.before()));
        }
    }

    void delete(String anomalyId) {
        anomalies.put(anomalyId, Optional.empty());
        counts.keySet().removeIf(key -> key.get(0).equals(anomalyId));
    }

    void put(RuntimeWindowRow row) {
        runtimeWindows.put(row.id(), row);
    }

    void put(RouteWindowRow row) {
        routeWindows.put(row.id(), row);
    }

    void put(RequestRow row) {
        requests.put(row.id(), row);
    }

    void put(ProfileRow row) {
        profiles.put(row.id(), row);
    }

    SinkBatch with(List<OffsetAdvance> offsets) {
        return new SinkBatch(
                offsets,
                anomalies,
                runtimeWindows.values(),
                routeWindows.values(),
                requests.values(),
                profiles.values(),
                counts.values());
    }
}
