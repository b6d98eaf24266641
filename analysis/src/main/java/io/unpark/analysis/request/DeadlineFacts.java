package io.unpark.analysis.request;

import io.unpark.analysis.model.OutgoingCall;
import io.unpark.analysis.model.RequestSegment;
import io.unpark.analysis.model.Stack;
import io.unpark.analysis.model.Wait;

/** What a segment says of its deadlines. */
final class DeadlineFacts {
    /** Two readings of one deadline on one clock may differ by the time that passed between them, and by rounding. */
    static final long SAME_NS = 5_000_000;

    private DeadlineFacts() {}

    /** The deadline that holds on entry, wall clock: the earlier of header and context; 0 for none. */
    static long deadlineNs(RequestSegment segment) {
        long header = segment.headerDeadlineNs();
        long context = segment.contextDeadlineNs();
        return header == 0 || context == 0 ? Math.max(header, context) : Math.min(header, context);
    }

    /** The request waited for it. One that outlives the request is meant to (an audit record). */
    static boolean isAwaited(RequestSegment segment, OutgoingCall call) {
        return call.endNs() > 0 && call.endNs() <= segment.endNs();
    }

    /** A call of a request that has a deadline, on a context that knows nothing of the request. */
    static boolean hasReplacedContext(RequestSegment segment) {
        return deadlineNs(segment) > 0
                && segment.calls().stream()
                        .anyMatch(call -> call.detached() && call.contextDeadlineNs() == 0 && isAwaited(segment, call));
    }

    /**
     * Whether a segment may have waited for another one that began meanwhile, where only ids join them. Not when it answered in time
     * and had no wait for an answer that is long enough: that one was started by the way (a cache that is refreshed, an audit), and
     * has time of its own by design. Of a segment without a deadline, what was done before it ended is its own.
     */
    static boolean mayAwait(RequestSegment caller, RequestSegment callee) {
        long deadlineNs = deadlineNs(caller);
        boolean answeredInTime = !caller.startTruncated()
                && !caller.endTruncated()
                && caller.expiredNs() == 0
                && (deadlineNs == 0 || caller.endNs() < deadlineNs - SAME_NS);
        long lengthNs = callee.endNs() - callee.startNs();
        return !answeredInTime
                || deadlineNs == 0 && callee.endNs() <= caller.endNs()
                || caller.waits().stream().anyMatch(w -> isRoundTrip(w) && w.durationNs() + SAME_NS >= lengthNs);
    }

    /** A wait for the answer of another service: of net/http over HTTP/1 and 2, and of gRPC-Go. */
    static boolean isRoundTrip(Wait wait) {
        return isRoundTrip(wait.stack());
    }

    private static boolean isRoundTrip(Stack stack) {
        return stack.frames().stream()
                .anyMatch(frame -> frame.function().startsWith("net/http.(*Transport).")
                        || frame.function().startsWith("net/http.(*persistConn).")
                        || frame.function().startsWith("net/http.(*http2ClientConn).")
                        || frame.function().startsWith("golang.org/x/net/http2.(*ClientConn).")
                        || frame.function().startsWith("google.golang.org/grpc.(*ClientConn)."));
    }
}
