package io.unpark.sink.store;

import java.util.Collection;
import java.util.Map;

/** The write side. */
public interface AnomalyStore {
    /**
     * Writes rows and offsets in one transaction.
     *
     * @throws StaleOwnerException when an offset is not where the batch expects it; nothing is written then
     * @throws StoreException when the database fails; nothing is written then
     */
    void write(SinkBatch batch) throws StaleOwnerException;

    /** The stored offsets of those of {@code sources} that have one: what to read next. */
    Map<SourcePartition, Long> nextOffsets(Collection<SourcePartition> sources);

    /**
     * Deletes what arrived earlier, with the slices of the anomalies deleted.
     *
     * @param anomaliesBeforeMs limit for anomalies, and {@code othersBeforeMs} for windows and requests: milliseconds
     *     since 1970 UTC
     * @return how many rows were deleted
     */
    int deleteOlder(long anomaliesBeforeMs, long othersBeforeMs);
}
