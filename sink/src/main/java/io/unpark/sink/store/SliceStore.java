package io.unpark.sink.store;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The slices: jobs appear with the anomalies' rows and are settled here. Methods throw {@link StoreException}. */
public interface SliceStore {
    /** Slices kept of one anomaly; older ones are dropped. */
    int SLICES_PER_ANOMALY_MAX = 3;

    /** Jobs to do, the oldest first. */
    List<SliceJob> pending(int limit);

    /** Keeps a copied slice; nothing happens when the job was dropped meanwhile. */
    void ready(SliceJob job, TraceSlice slice);

    /** Remembers why there can be no slice. */
    void gone(SliceJob job, String reason);

    /** The best slice of an anomaly; empty when none was ever named for it. */
    Optional<SliceLookup> find(String anomalyId);

    /** How many there are in each state. */
    Map<SliceState, Long> counts();
}
