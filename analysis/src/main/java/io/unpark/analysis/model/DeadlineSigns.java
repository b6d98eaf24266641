package io.unpark.analysis.model;

/**
 * What the trace tells of a request's deadlines beside their times.
 *
 * @param told they were annotated, so that one that is not there does not exist
 * @param logger file and line of the code that logged the request's ids where nothing is annotated, else ""
 * @param logged the same code logged a deadline too
 * @param expirySeen the expiry or cancellation is an event of the trace; false: a known deadline lay before the end
 * @param expiryInferred it was read off a wake-up by a context's timer
 * @param clientLeft the connection's watcher saw the client leave
 * @param streamed the handler sent its answer piece by piece
 */
public record DeadlineSigns(
        boolean told,
        String logger,
        boolean logged,
        boolean expirySeen,
        boolean expiryInferred,
        boolean clientLeft,
        boolean streamed) {
    public static final DeadlineSigns NONE = new DeadlineSigns(false, "", false, false, false, false, false);
}
