package io.unpark.sink.store;

import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** Reads what connects services. All methods throw {@link StoreException} when the database fails. */
public interface GraphQueries {
    /** Whom the addresses belong to that services called, at most {@code limit}, the latest seen first. */
    List<PeerSeen> peers(int limit);

    /**
     * The anomalies of some kinds that were seen within a time, the latest seen first; those of confidence {@code possible} left
     * out.
     *
     * @param sinceNs last seen at or after it, and {@code untilNs} first seen before it: event time, nanoseconds since 1970 UTC
     */
    List<StoredAnomaly> seenWithin(Collection<String> kinds, long sinceNs, long untilNs, StateRule rule, int limit);

    /** As {@link #seenWithin(Collection, long, long, StateRule, int)}, all kinds of one service. */
    List<StoredAnomaly> seenWithin(
            Optional<String> namespace, String service, long sinceNs, long untilNs, StateRule rule, int limit);
}
