package io.unpark.analysis.model;

import java.util.List;

/**
 * Where one instance's goroutines were blocked in one generation, and CPU samples; the largest entries, the rest summed.
 *
 * @param otherNs blocked time that the entries leave out
 */
public record StackProfile(
        Instance instance,
        String capture,
        long generation,
        long startNs,
        long endNs,
        List<Entry> entries,
        long otherNs,
        long otherSamples) {
    /** Largest number of entries. */
    public static final int MAX_ENTRIES = 500;

    /**
     * One (route, reason, stack).
     *
     * @param route "" outside requests
     * @param reason wait reason, or "cpu" for CPU samples
     * @param count waits, or samples
     * @param blockedNs 0 for CPU samples
     */
    public record Entry(String route, String reason, Stack stack, long count, long blockedNs) {}

    public StackProfile {
        entries = List.copyOf(entries);
    }
}
