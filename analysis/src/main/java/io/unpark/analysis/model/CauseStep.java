package io.unpark.analysis.model;

/**
 * One hop of the causal chain, from the symptom towards the root.
 *
 * @param what one phrase: what this hop did or waited for
 * @param reason wait reason, or "" when it ran
 * @param durationNs nanoseconds this hop explains
 */
public record CauseStep(
        String service,
        String route,
        String what,
        String reason,
        String function,
        String file,
        int line,
        long durationNs) {}
