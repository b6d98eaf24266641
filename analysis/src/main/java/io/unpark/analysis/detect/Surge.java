package io.unpark.analysis.detect;

import io.unpark.analysis.model.Stack;

/**
 * Many more goroutines of one start function and creation stack than ever stood there at a generation's end, and they live
 * far longer than those before them.
 *
 * @param alive goroutines at the generation's end
 * @param usualAlive the most there were at the end of any generation before the surge
 * @param usualLifeNs the longest life of those that ended before the surge
 * @param medianAgeNs of the living ones, and {@code oldestAgeNs}
 * @param place where most of them wait, {@code reason} why and {@code waiting} how many; EMPTY when none waits
 */
public record Surge(
        String start,
        Stack creation,
        long alive,
        long usualAlive,
        long usualLifeNs,
        long medianAgeNs,
        long oldestAgeNs,
        Stack place,
        String reason,
        long waiting) {}
