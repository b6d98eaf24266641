package io.unpark.sink.store;

import java.util.Optional;

/** Reads requests. */
public interface RequestQueries {
    /** The JSON, in UTF-8, of the {@code RequestTrace}, if it is kept. Throws {@link StoreException} when the database fails. */
    Optional<byte[]> find(String requestId);
}
