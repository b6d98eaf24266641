package io.unpark.analysis.model;

import java.util.SortedMap;

/**
 * One generation of one instance, as the runtime lived it.
 *
 * @param startNs wall clock of the first event, and {@code endNs} of the last
 * @param goroutinesByCreation alive at the end, by creation site; at most 200 sites, the rest under "(other)"
 * @param goroutinesByReason alive and blocked at the end, by wait reason
 * @param schedLatency log2 histogram of the time from runnable to running: bucket i counts [2^i, 2^(i+1)) ns
 * @param gcWorkerNs time that GC workers ran, over all Ps
 * @param gcAssistNs time that other goroutines spent assisting
 * @param gcCycles cycles begun
 * @param stopTheWorldNs total and {@code stopTheWorldMaxNs} the longest
 * @param heapLiveBytes objects in the heap at the last reading, and {@code heapGoalBytes} the collector's goal; -1 unknown
 * @param procs number of Ps that ran, {@code busyNs} the time that goroutines ran on them
 */
public record RuntimeWindow(
        Instance instance,
        String capture,
        long generation,
        long startNs,
        long endNs,
        long goroutines,
        SortedMap<String, Long> goroutinesByCreation,
        SortedMap<String, Long> goroutinesByReason,
        Histogram schedLatency,
        long gcWorkerNs,
        long gcAssistNs,
        long gcCycles,
        long stopTheWorldNs,
        long stopTheWorldMaxNs,
        long heapLiveBytes,
        long heapGoalBytes,
        int procs,
        long busyNs) {}
