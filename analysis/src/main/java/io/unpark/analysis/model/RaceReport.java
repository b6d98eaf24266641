package io.unpark.analysis.model;

import java.util.List;

/**
 * One report of the race detector.
 *
 * @param id hash of the instance key and the text
 * @param timeNs when it was accepted or, where a log prefix tells, printed; wall clock
 */
public record RaceReport(
        String id,
        Instance instance,
        String input,
        long timeNs,
        List<Access> accesses,
        List<Origin> origins,
        String text) {
    /**
     * One of the two accesses.
     *
     * @param operation "read" or "write"
     * @param stack empty when the detector failed to restore it
     */
    public record Access(String operation, boolean atomic, String address, long goroutine, boolean main, Stack stack) {}

    /** Where a goroutine of the report was created. */
    public record Origin(long goroutine, boolean finished, Stack stack) {}

    public RaceReport {
        accesses = List.copyOf(accesses);
        origins = List.copyOf(origins);
    }
}
