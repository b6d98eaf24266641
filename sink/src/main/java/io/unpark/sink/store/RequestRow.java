package io.unpark.sink.store;

import java.util.List;

/**
 * One request with its segments.
 *
 * @param revision grows with each record of the request
 * @param startNs start of the first segment, nanoseconds since 1970 UTC; 0 when it has none
 * @param arrivedMs time of acceptance of the record, milliseconds since 1970 UTC
 * @param document the JSON, in UTF-8, of a {@code RequestTrace}
 * @param peers whom its calls reached
 */
public record RequestRow(
        String id, long revision, long startNs, long arrivedMs, byte[] document, List<PeerSeen> peers) {

    public RequestRow {
        peers = List.copyOf(peers);
    }
}
