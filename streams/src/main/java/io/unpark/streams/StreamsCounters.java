package io.unpark.streams;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.LongAdder;

/** What the topologies did since the start, over all threads. Counted when done, so an aborted transaction counts too. */
final class StreamsCounters {
    /** What is held, besides what was done: shared by the same. */
    final HoldControl holds = new HoldControl();

    final EarlyCommit newRaces = new EarlyCommit();
    final EarlyCommit newRequestFindings = new EarlyCommit();
    final EarlyCommit newAnomalies = new EarlyCommit();

    final LongAdder generations = new LongAdder();
    final LongAdder duplicateGenerations = new LongAdder();
    final LongAdder incompleteGenerations = new LongAdder();
    final LongAdder missingGenerations = new LongAdder();
    final LongAdder lateChunks = new LongAdder();
    final LongAdder evictedWaits = new LongAdder();
    final LongAdder closedCaptures = new LongAdder();
    final LongAdder raceReports = new LongAdder();
    final LongAdder profiles = new LongAdder();
    final LongAdder segments = new LongAdder();
    final LongAdder findings = new LongAdder();
    final LongAdder anomalies = new LongAdder();
    final LongAdder deadLetters = new LongAdder();
    final LongAdder evictedInstances = new LongAdder();
    final LongAdder evictedRequests = new LongAdder();
    final LongAdder evictedAnomalies = new LongAdder();
    final LongAdder findingsLetGo = new LongAdder();
    final LongAdder segmentsIgnored = new LongAdder();
    final LongAdder discardedStates = new LongAdder();
    final LongAdder replacedThreads = new LongAdder();

    /** Refused records by topic and reason: both are closed sets. */
    private final ConcurrentMap<String, LongAdder> refused = new ConcurrentHashMap<>();

    /** A chunk that came before: of a generation in parts, only the first part counts. */
    void duplicate(int part) {
        if (part == 0) {
            generations.increment();
            duplicateGenerations.increment();
        }
    }

    void refused(String topic, String reason) {
        refused.computeIfAbsent(topic + ": " + reason, key -> new LongAdder()).increment();
    }

    Map<String, Long> refused() {
        Map<String, Long> counts = new TreeMap<>();
        refused.forEach((key, count) -> counts.put(key, count.sum()));
        return counts;
    }
}
