package io.unpark.analysis.order;

/**
 * How much disorder is put right.
 *
 * @param reorderGenerations from 1: a generation that is missing when one so many numbers further on is there, and one more, is
 *     not waited for any longer
 * @param maxHeldBytes of one instance; beyond it the oldest hole is not waited for
 */
public record OrderLimits(int reorderGenerations, long maxHeldBytes) {
    public OrderLimits {
        if (reorderGenerations < 1 || maxHeldBytes < 1) {
            throw new IllegalArgumentException("limits must be positive: " + reorderGenerations + ", " + maxHeldBytes);
        }
    }
}
