package io.unpark.analysis.model;

/**
 * One call that a request made to another service. Times are wall clock; 0 where there is none.
 *
 * @param traceId the one sent; differs from the request's own when the call was made on a foreign context
 * @param spanId the one sent: the callee's parent
 * @param contextDeadlineNs deadline of the context that the call was made on
 * @param headerDeadlineNs deadline that was sent to the callee
 * @param detached the call's context carries no request (someone passed {@code context.Background()})
 * @param stack where the call was made
 */
public record OutgoingCall(
        String traceId,
        String spanId,
        String peer,
        String route,
        long startNs,
        long endNs,
        long contextDeadlineNs,
        long headerDeadlineNs,
        boolean detached,
        String error,
        Stack stack) {

    /** The same call on another clock. */
    public OutgoingCall at(long start, long end) {
        return new OutgoingCall(
                traceId, spanId, peer, route, start, end, contextDeadlineNs, headerDeadlineNs, detached, error, stack);
    }

    /** The same call, returned. */
    public OutgoingCall ended(long endNs, String error) {
        return new OutgoingCall(
                traceId,
                spanId,
                peer,
                route,
                startNs,
                endNs,
                contextDeadlineNs,
                headerDeadlineNs,
                detached,
                error,
                stack);
    }
}
