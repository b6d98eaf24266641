package io.unpark.sink.store;

import java.util.Optional;

/** Reads requests. */
public interface RequestQueries {
    /** Avro single-object encoding of the {@code RequestTrace}, if it is kept. Throws {@link StoreException} when the database fails. */
    Optional<byte[]> find(String requestId);
}
