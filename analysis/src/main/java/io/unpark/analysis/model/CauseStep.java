package io.unpark.analysis.model;

/**
 * One hop of the causal chain, from the symptom towards the root.
 *
 * @param what one phrase: what this hop did or waited for
 * @param reason wait reason, or "" when it ran
 * @param durationNs nanoseconds this hop explains by itself; of a whole chain they add up to the request's wall time
 * @param depth what it explains: the last hop before it that is less deep; 0 for what the request itself did
 * @param totalNs with the hops below it
 * @param sharePermille {@code totalNs} of the request's wall time, 0 to 1000; 0 when not known
 */
public record CauseStep(
        String service,
        String route,
        String what,
        String reason,
        String function,
        String file,
        int line,
        long durationNs,
        int depth,
        long totalNs,
        int sharePermille) {

    /** A hop that is not part of a whole chain. */
    public CauseStep(
            String service,
            String route,
            String what,
            String reason,
            String function,
            String file,
            int line,
            long durationNs) {
        this(service, route, what, reason, function, file, line, durationNs, 0, durationNs, 0);
    }

    /** The same hop at its place in a chain. */
    public CauseStep within(int atDepth, long withBelowNs, int permille) {
        return new CauseStep(
                service, route, what, reason, function, file, line, durationNs, atDepth, withBelowNs, permille);
    }
}
