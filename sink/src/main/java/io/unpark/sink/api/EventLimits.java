package io.unpark.sink.api;

import java.time.Duration;

/**
 * Bounds of the events.
 *
 * @param pollEvery how often the database is asked while somebody listens
 * @param settleEvery how often it is asked what time alone changed
 * @param heartbeatEvery how often something is sent, so that nobody in between closes the connection
 * @param longest after so long a connection is ended: its client comes back, and is asked again who it is
 * @param listeners at most so many at once
 * @param queued at most so many events wait for one client; who reads too slowly is cut off
 * @param backlog at most so many changes are told at once; beyond it there is a {@code resync}
 */
record EventLimits(
        Duration pollEvery,
        Duration settleEvery,
        Duration heartbeatEvery,
        Duration longest,
        int listeners,
        int queued,
        int backlog) {
    static final EventLimits DEFAULT = new EventLimits(
            Duration.ofSeconds(1),
            Duration.ofSeconds(5),
            Duration.ofSeconds(10),
            Duration.ofMinutes(10),
            200,
            1_200,
            1_000);
}
