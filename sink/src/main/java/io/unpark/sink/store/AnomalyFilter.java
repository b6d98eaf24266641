package io.unpark.sink.store;

import java.util.Optional;

/**
 * Which anomalies to list. An empty Optional does not restrict.
 *
 * @param sinceNs last seen at or after it, event time, nanoseconds since 1970 UTC; {@code Long.MIN_VALUE} for all
 * @param withPossible also those of confidence {@code possible}
 * @param beforeSeq those after this place in the listing; {@code Long.MAX_VALUE} for the first page
 * @param limit at most so many, from 1
 */
public record AnomalyFilter(
        Optional<String> namespace,
        Optional<String> service,
        Optional<String> kind,
        Optional<String> severity,
        Optional<AnomalyState> state,
        long sinceNs,
        boolean withPossible,
        long beforeSeq,
        int limit) {
    /** The same, whatever the kind. */
    public AnomalyFilter ofAnyKind() {
        return new AnomalyFilter(
                namespace, service, Optional.empty(), severity, state, sinceNs, withPossible, beforeSeq, limit);
    }
}
