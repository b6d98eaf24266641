package io.unpark.streams;

import java.util.Optional;

/**
 * What the topologies are and did since the start, over all threads; what an aborted transaction did is counted too.
 *
 * @param state as Kafka Streams names it
 * @param failure why it stopped for good
 * @param generations judged, duplicates included
 * @param incompleteGenerations dropped since parts were missing
 * @param deadLetters refused records
 * @param discardedStates states of instances that this version could not read
 * @param replacedThreads threads that failed and were replaced
 * @param findingsLetGo of anomalies with more findings than are held, whose count is then "at least"
 * @param segmentsIgnored of requests with more segments than are held
 */
public record StreamsStatus(
        String state,
        Optional<String> failure,
        long generations,
        long duplicateGenerations,
        long incompleteGenerations,
        long raceReports,
        long segments,
        long findings,
        long anomalies,
        long deadLetters,
        long evictedInstances,
        long evictedRequests,
        long evictedAnomalies,
        long discardedStates,
        long replacedThreads,
        long findingsLetGo,
        long segmentsIgnored) {}
