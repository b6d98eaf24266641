package io.unpark.ingest;

import io.unpark.schemas.record.TraceChunk;
import java.util.List;

/** Takes generations. */
@FunctionalInterface
public interface ChunkSink {
    /**
     * Returns when all parts are safe.
     *
     * @param parts the parts of one generation, in order
     * @throws BrokerException when they may not be safe; sending them again does no harm
     */
    void accept(List<TraceChunk> parts) throws BrokerException;
}
