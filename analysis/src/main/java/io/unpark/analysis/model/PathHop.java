package io.unpark.analysis.model;

/**
 * One hop of a request's critical path within one service: what a goroutine did while the request's time passed. Equal hops
 * below the same parent are one, with their times added up.
 *
 * @param parent index of the hop that this one explains, smaller than its own; -1 for what the request's main goroutine did
 * @param reason wait reason as the runtime names it, {@code timer} for a wake-up by one; "" when it did not wait
 * @param goroutine whose hop it is, of the first when it stands for several
 * @param otherRoute route of the request that this goroutine worked for, when that is another one; else ""
 * @param otherRequest and that request's trace id, "" when it has none
 * @param span of the outgoing call that was open on the goroutine, "" for none
 * @param at innermost frame where it was
 * @param line the user's line of that place, {@link #NOWHERE} when there is none
 * @param wokenAt where its waker was, the user's line if there is one; {@link #NOWHERE} when nobody woke it or it is not known
 * @param startNs when it began first, wall clock
 * @param ns nanoseconds of the request's time that no hop below explains; all hops' add up to the request's wall time
 * @param count how many stretches of time it stands for
 * @param partial its beginning, or some of what it did in between, was not kept
 */
public record PathHop(
        int parent,
        HopKind kind,
        String reason,
        long goroutine,
        String otherRoute,
        String otherRequest,
        String span,
        Frame at,
        Frame line,
        Frame wokenAt,
        long startNs,
        long ns,
        long count,
        boolean partial) {
    public static final Frame NOWHERE = new Frame("", "", 0);

    /** The user's line if there is one, else the innermost frame. */
    public Frame place() {
        return line.function().isEmpty() ? at : line;
    }
}
