package io.unpark.analysis.request;

import io.unpark.analysis.model.OutgoingCall;
import io.unpark.analysis.model.RequestSegment;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Which outgoing call of which segment led to a segment: the call's span is the callee's parent. */
final class CallIndex {
    /** Span ids are unique; where they are not (a client that sends them again), the choice must not hang on the order. */
    private static final Comparator<Call> FIRST = Comparator.comparingLong(
                    (Call call) -> call.call().startNs())
            .thenComparing(call -> SegmentKey.of(call.caller()))
            .thenComparing(call -> call.call().toString());

    /** An outgoing call and the segment that made it. */
    record Call(RequestSegment caller, OutgoingCall call) {}

    private final Map<String, Call> bySpan = new HashMap<>();

    CallIndex(Collection<RequestSegment> segments) {
        for (RequestSegment caller : segments) {
            for (OutgoingCall call : caller.calls()) {
                if (!call.spanId().isEmpty()) {
                    bySpan.merge(call.spanId(), new Call(caller, call), CallIndex::first);
                }
            }
        }
    }

    private static Call first(Call a, Call b) {
        return FIRST.compare(a, b) <= 0 ? a : b;
    }

    /** The call that led to this segment, when it is of the same trace and the caller's segment is here. */
    Optional<Call> callOf(RequestSegment callee) {
        return Optional.ofNullable(bySpan.get(callee.parentSpanId()))
                .filter(call -> call.call().traceId().equals(callee.requestId()))
                .filter(call -> !SegmentKey.of(call.caller()).equals(SegmentKey.of(callee)));
    }
}
