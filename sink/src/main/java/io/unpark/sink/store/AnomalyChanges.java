package io.unpark.sink.store;

import java.util.List;

/** What changed, for those who follow. All methods throw {@link StoreException} when the database fails. */
public interface AnomalyChanges {
    /** The number of the last change; 0 when there was none. */
    long last();

    /** The last change of each anomaly that changed after that number, in order, at most {@code limit}. */
    List<AnomalyChange> since(long number, int limit, StateRule rule);

    /**
     * Numbers what time alone changed since: anomalies that are resolved or open by now.
     *
     * @return how many; at most a thousand at a time
     */
    int settle(StateRule rule);
}
