package io.unpark.sink.store;

/**
 * Something to be told to a receiver.
 *
 * @param row its place in the queue
 * @param id the same however often it is sent
 * @param severity the highest since the anomaly opened; {@code severityBefore} is the one before a raise, else the same
 * @param withdrawn resolved since there is no such anomaly any more
 * @param sinceMs when it was opened, and {@code createdMs} when this changed: milliseconds since 1970 UTC, wall clock
 * @param batch of the message it goes in; empty when that is not decided yet
 * @param attempts to send it, so far
 * @param document the anomaly as JSON, shortened
 */
public record Notice(
        long row,
        String id,
        NoticeChange change,
        String anomalyId,
        String namespace,
        String service,
        String kind,
        String severity,
        String severityBefore,
        boolean withdrawn,
        long sinceMs,
        long createdMs,
        String batch,
        int attempts,
        String document) {}
