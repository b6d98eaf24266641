package io.unpark.sink.store;

import io.unpark.analysis.model.Stack;

/** Takes the content of profiles, entry by entry. */
public interface StackTaker {
    /**
     * One (route, reason, stack).
     *
     * @param route "" outside requests
     * @param reason wait reason, or {@link StackSums#CPU} for CPU samples
     * @param stack innermost frame first
     * @param count waits, or samples
     * @param blockedNs 0 for CPU samples
     */
    void entry(String route, String reason, Stack stack, long count, long blockedNs);

    /**
     * What goes with the entries.
     *
     * @param coveredNs how much of the time the profiles cover, summed over instances
     * @param otherNs blocked time, and {@code otherSamples} CPU samples, that the entries leave out
     */
    void rest(long coveredNs, long otherNs, long otherSamples);
}
