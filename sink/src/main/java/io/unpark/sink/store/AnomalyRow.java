package io.unpark.sink.store;

import io.unpark.analysis.model.ChunkRef;
import java.util.List;

/**
 * An anomaly as it is kept.
 *
 * @param severity lower case, as in the outputs
 * @param firstSeenNs event time, nanoseconds since 1970 UTC
 * @param arrivedMs time of acceptance of the record, milliseconds since 1970 UTC
 * @param slices where the bytes of the worst example lie; empty when there are none
 * @param document the JSON object of the contract, without {@code state}
 */
public record AnomalyRow(
        String id,
        String namespace,
        String service,
        String kind,
        String severity,
        String confidence,
        long count,
        long firstSeenNs,
        long lastSeenNs,
        long arrivedMs,
        String worstFindingId,
        List<ChunkRef> slices,
        String document) {

    public AnomalyRow {
        slices = List.copyOf(slices);
    }
}
