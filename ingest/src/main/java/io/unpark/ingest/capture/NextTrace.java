package io.unpark.ingest.capture;

import java.util.Set;

/**
 * The anomalies for which the next tool is an execution trace (docs/capture.md): requests that are slow, stuck or out of time, and goroutines that
 * pile up. For the others it is a profile, a build with -race, or a change that the anomaly already names.
 */
final class NextTrace {
    private static final Set<String> KINDS = Set.of(
            "slow_request",
            "blocked_too_long",
            "deadline_exceeded",
            "goroutine_leak",
            "goroutine_surge",
            "mutex_contention");

    private NextTrace() {}

    static boolean isFor(String kind) {
        return KINDS.contains(kind);
    }
}
