package io.unpark.ingest;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * What this process took in and refused since it started. For the status page and the metrics.
 *
 * @param runningPushes at this moment
 * @param waitingPushes for one of those to end
 * @param acceptedGenerations acknowledged by the broker
 * @param acceptedBytes of those, decompressed
 * @param acceptedRaceReports acknowledged by the broker
 * @param refused pushes by reason, sorted: the names of {@link Refusal} in lower case; a push that was accepted in part counts here as well
 * @param deadLetters traces of unknown versions that were kept
 * @param deadLetterBytes of those
 */
public record IngestStatus(
        int runningPushes,
        int waitingPushes,
        long acceptedGenerations,
        long acceptedBytes,
        long acceptedRaceReports,
        Map<String, Long> refused,
        long deadLetters,
        long deadLetterBytes) {
    public IngestStatus {
        refused = Collections.unmodifiableSortedMap(new TreeMap<>(refused));
    }

    /** All reasons that there can be. */
    public static List<String> reasons() {
        return Stream.of(Refusal.values()).map(Refusal::key).toList();
    }
}
