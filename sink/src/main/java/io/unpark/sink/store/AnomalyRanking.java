package io.unpark.sink.store;

import java.util.List;
import java.util.Optional;

/**
 * Reads anomalies as somebody looks through them: what is open first, then the most severe, then what was seen last. Unlike in
 * {@link AnomalyQueries#list}, one that is written again moves. All methods throw {@link StoreException} when the database fails.
 */
public interface AnomalyRanking {
    /** A place in the order; {@code id} decides between those that were seen at the same time. */
    record Place(AnomalyState state, String severity, long lastSeenNs, String id) {}

    /** An anomaly and its place. */
    record Ranked(Place place, StoredAnomaly anomaly) {}

    /** How many of a kind and severity are open. */
    record Open(String kind, String severity, long count) {}

    /** Those after a place, at most as many as the filter's limit; its {@code beforeSeq} is of the other order, and is left out. */
    List<Ranked> page(AnomalyFilter filter, Optional<Place> after, StateRule rule);

    /** What is open, of whichever kind, severity and state; the rest of the filter counts. */
    List<Open> open(AnomalyFilter filter, StateRule rule);
}
