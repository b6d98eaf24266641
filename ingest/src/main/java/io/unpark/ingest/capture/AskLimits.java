package io.unpark.ingest.capture;

import java.time.Duration;

/**
 * How often anomalies may ask for a trace.
 *
 * @param seconds length of the trace
 * @param servicePause least time between two of a service
 * @param anomalyPause least time between two because of the same anomaly
 * @param perHour most, over all services
 * @param recent what was last seen longer ago is history: a trace of today would not show it
 * @param retry after nobody could be asked
 * @param maxRemembered anomalies and services that are remembered; the oldest go
 */
public record AskLimits(
        int seconds,
        Duration servicePause,
        Duration anomalyPause,
        int perHour,
        Duration recent,
        Duration retry,
        int maxRemembered) {
    /** As documented. */
    public static final AskLimits DEFAULT = new AskLimits(
            10, Duration.ofMinutes(10), Duration.ofHours(6), 20, Duration.ofMinutes(5), Duration.ofMinutes(1), 10_000);

    public AskLimits withServicePause(Duration pause) {
        return new AskLimits(seconds, pause, anomalyPause, perHour, recent, retry, maxRemembered);
    }
}
