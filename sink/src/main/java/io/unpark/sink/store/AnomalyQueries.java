package io.unpark.sink.store;

import java.util.List;
import java.util.Optional;
import java.util.SortedSet;

/** Reads anomalies. All methods throw {@link StoreException} when the database fails. */
public interface AnomalyQueries {
    /** The anomalies of a filter, the latest to appear first; an update does not move one. */
    List<StoredAnomaly> list(AnomalyFilter filter, StateRule rule);

    Optional<StoredAnomaly> find(String id, StateRule rule);

    /** How many are open, those that are only possible left out: the most frequent of these sets, at most so many. */
    List<OpenCount> openCounts(StateRule rule, int limit);

    /** How many it stood for at the end of each minute or hour in which it was seen, the newest {@code limit}, oldest first. */
    List<AnomalyCount> counts(String id, WindowStep step, int limit);

    /** The kinds that are stored. */
    SortedSet<String> kinds();
}
