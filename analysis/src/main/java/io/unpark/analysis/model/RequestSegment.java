package io.unpark.analysis.model;

import java.util.List;

/**
 * One service's part of one request. Times are wall clock, nanoseconds since 1970 UTC; 0 where there is none.
 *
 * @param requestId the trace id, or {@code instance key + "/" + local id} when there is none
 * @param segmentId unique within the request: the service's own span id, or the local id
 * @param revision the greater replaces the smaller
 * @param startTruncated the request began before the trace
 * @param endTruncated the request had not ended when the segment was made, or its end is missing
 * @param attribution CERTAIN with annotations, LIKELY when inferred
 * @param handler where the handler is: the stack at the request's annotation, or of its first user frame
 * @param headerDeadlineNs what the incoming header asked for
 * @param contextDeadlineNs of the handler's context on entry
 * @param expiredNs when the deadline passed or the request was cancelled, if that was before its end
 * @param waits the longest, at most {@link #MAX_WAITS}
 * @param deadlineSigns what the trace tells of its deadlines beside their times
 * @param path why it took so long
 * @param members the goroutines that worked for it beside the main one, those that ran longest, at most {@link #MAX_MEMBERS}
 * @param memberCount how many there were
 * @param slowest when it ended it was among the slowest few of its instance, its route and the minute so far
 */
public record RequestSegment(
        String requestId,
        String segmentId,
        String parentSpanId,
        long revision,
        Instance instance,
        String input,
        String route,
        long goroutine,
        long startNs,
        long endNs,
        boolean startTruncated,
        boolean endTruncated,
        Confidence attribution,
        Stack handler,
        long headerDeadlineNs,
        long contextDeadlineNs,
        long expiredNs,
        boolean canceled,
        long cpuNs,
        TimeSplit split,
        List<Wait> waits,
        List<OutgoingCall> calls,
        List<LateWork> late,
        List<ChunkRef> chunks,
        DeadlineSigns deadlineSigns,
        RequestPath path,
        List<Member> members,
        long memberCount,
        boolean slowest) {
    /** Longest waits kept of one request. */
    public static final int MAX_WAITS = 16;
    /** Outgoing calls kept of one request. */
    public static final int MAX_CALLS = 64;
    /** Goroutines kept that worked on after the deadline. */
    public static final int MAX_LATE = 16;
    /** Goroutines told of one request, beside the main one. */
    public static final int MAX_MEMBERS = 32;

    public RequestSegment {
        waits = List.copyOf(waits);
        calls = List.copyOf(calls);
        late = List.copyOf(late);
        chunks = List.copyOf(chunks);
        members = List.copyOf(members);
    }

    /** A segment of a goroutine that worked alone. */
    public RequestSegment(
            String requestId,
            String segmentId,
            String parentSpanId,
            long revision,
            Instance instance,
            String input,
            String route,
            long goroutine,
            long startNs,
            long endNs,
            boolean startTruncated,
            boolean endTruncated,
            Confidence attribution,
            Stack handler,
            long headerDeadlineNs,
            long contextDeadlineNs,
            long expiredNs,
            boolean canceled,
            long cpuNs,
            TimeSplit split,
            List<Wait> waits,
            List<OutgoingCall> calls,
            List<LateWork> late,
            List<ChunkRef> chunks,
            DeadlineSigns deadlineSigns,
            RequestPath path) {
        this(
                requestId,
                segmentId,
                parentSpanId,
                revision,
                instance,
                input,
                route,
                goroutine,
                startNs,
                endNs,
                startTruncated,
                endTruncated,
                attribution,
                handler,
                headerDeadlineNs,
                contextDeadlineNs,
                expiredNs,
                canceled,
                cpuNs,
                split,
                waits,
                calls,
                late,
                chunks,
                deadlineSigns,
                path,
                List.of(),
                0,
                false);
    }

    /** The same segment with another path. */
    public RequestSegment withPath(RequestPath other) {
        return with(other, slowest);
    }

    /** The same segment, among the slowest or not. */
    public RequestSegment withSlowest(boolean amongSlowest) {
        return with(path, amongSlowest);
    }

    private RequestSegment with(RequestPath otherPath, boolean amongSlowest) {
        return new RequestSegment(
                requestId,
                segmentId,
                parentSpanId,
                revision,
                instance,
                input,
                route,
                goroutine,
                startNs,
                endNs,
                startTruncated,
                endTruncated,
                attribution,
                handler,
                headerDeadlineNs,
                contextDeadlineNs,
                expiredNs,
                canceled,
                cpuNs,
                split,
                waits,
                calls,
                late,
                chunks,
                deadlineSigns,
                otherPath,
                members,
                memberCount,
                amongSlowest);
    }
}
