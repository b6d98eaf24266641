package io.unpark.sink.store;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;

/**
 * Reads summaries over all anomalies; those of confidence {@code possible} are left out. Times are event times, nanoseconds since
 * 1970 UTC. All methods throw {@link StoreException} when the database fails.
 */
public interface TrendQueries {
    /** How many are open. @param recent how many of them were first seen lately */
    record Cell(String service, String kind, String severity, long open, long recent) {}

    /** How many of a severity were first seen in the hour from {@code hourNs} on. */
    record Opened(long hourNs, String severity, long count) {}

    /** An open anomaly whose count has grown, from {@code before} to {@code now}. */
    record Grown(String id, long before, long now) {}

    /** Where the services' windows have come to, at most {@code limitNs}; 0 when there is none. */
    long newestNs(long limitNs);

    /** What is open, by service, kind and severity. */
    List<Cell> open(StateRule rule, long recentSinceNs);

    List<Opened> opened(long sinceNs);

    /** The open ones that were first seen last. */
    List<String> newest(StateRule rule, int limit);

    /** The open ones that were there before, and have grown most since. */
    List<Grown> grown(StateRule rule, long sinceNs, int limit);

    /** Their counts by hour: those hours in which they were seen. */
    Map<String, SortedMap<Long, Long>> hours(Collection<String> ids, long sinceNs);

    Map<String, StoredAnomaly> find(Collection<String> ids, StateRule rule);
}
