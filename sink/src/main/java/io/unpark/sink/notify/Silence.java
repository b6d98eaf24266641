package io.unpark.sink.notify;

import io.unpark.sink.store.AnomalyFacts;
import java.time.Instant;
import java.util.List;

/** Nobody is told of what all matchers match, until then. {@code Instant.MAX}: for as long as the configuration says so. */
record Silence(List<Matcher> matchers, Instant until) {
    Silence {
        matchers = List.copyOf(matchers);
    }

    boolean holds(AnomalyFacts anomaly, Instant now) {
        return now.isBefore(until) && Matcher.all(matchers, anomaly);
    }
}
