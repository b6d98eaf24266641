package io.unpark.analysis.config;

/**
 * When what rises from profile to profile, or from collection to collection, is told of.
 *
 * @param heapMinBytes memory in use that rose by less is not told of, by traces and by profiles
 * @param heapPercent of what a site had first, in profiles; in many of them half of it is enough
 * @param heapMinSpanNs between the first and the last profile
 * @param leakMinGoroutines fewer more at one place are not told of
 * @param leakPercent of what stood there first
 * @param leakMinProfiles of goroutines
 * @param leakMinSpanNs between the first and the last of them
 */
public record GrowthThresholds(
        long heapMinBytes,
        int heapPercent,
        long heapMinSpanNs,
        int leakMinGoroutines,
        int leakPercent,
        int leakMinProfiles,
        long leakMinSpanNs) {}
