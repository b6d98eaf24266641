package io.unpark.sink.store;

/**
 * An anomaly as it is read.
 *
 * @param seq its place in listings: never changes while it exists
 * @param document the JSON object of the contract, without {@code state}
 */
public record StoredAnomaly(long seq, AnomalyState state, String document) {}
