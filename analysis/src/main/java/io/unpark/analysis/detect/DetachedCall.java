package io.unpark.analysis.detect;

import io.unpark.analysis.config.AnalysisConfig;
import io.unpark.analysis.model.Advice;
import io.unpark.analysis.model.Confidence;
import io.unpark.analysis.model.Evidence;
import io.unpark.analysis.model.Frame;
import io.unpark.analysis.model.Kind;
import io.unpark.analysis.model.OutgoingCall;
import io.unpark.analysis.model.Place;
import io.unpark.analysis.model.RequestSegment;
import io.unpark.analysis.model.Severity;
import io.unpark.analysis.place.UserCode;
import java.util.ArrayList;
import java.util.List;

/**
 * {@code deadline_not_propagated}, within a service: an outgoing call of a request that has a deadline is made on a context
 * that knows nothing of it ({@code context.Background()}). A header lost on the way is judged where both sides are known.
 */
final class DetachedCall implements RequestDetector {
    private static final Advice ADVICE = Judgement.advice(
            "Pass the request's context to the call (r.Context(), or one derived from it) instead of a fresh one.",
            "The trace slice of the request in go tool trace.",
            Kind.DEADLINE_NOT_PROPAGATED);

    @Override
    public Kind kind() {
        return Kind.DEADLINE_NOT_PROPAGATED;
    }

    @Override
    public List<Judgement> judge(RequestSegment segment, AnalysisConfig config, UserCode userCode) {
        long deadlineNs = segment.contextDeadlineNs() > 0 ? segment.contextDeadlineNs() : segment.headerDeadlineNs();
        if (deadlineNs == 0) {
            return List.of();
        }
        List<Judgement> found = new ArrayList<>();
        for (OutgoingCall call : segment.calls()) {
            // One that outlives the request is meant to (an audit record): the request does not wait for it.
            boolean awaited = call.endNs() > 0 && call.endNs() <= segment.endNs();
            boolean unbounded = call.contextDeadlineNs() == 0;
            if (call.detached() && unbounded && awaited) {
                found.add(judgement(segment, call, deadlineNs, userCode));
            }
        }
        return found;
    }

    private Judgement judgement(RequestSegment segment, OutgoingCall call, long deadlineNs, UserCode userCode) {
        Frame line = userCode.line(call.stack()).orElse(new Frame("", "", 0));
        boolean overran = call.endNs() > deadlineNs;
        Evidence evidence = Evidence.builder()
                .put("request", segment.requestId())
                .put("request_deadline_unix_ns", deadlineNs)
                .put("call_context_deadline", "none")
                .put("peer", call.peer())
                .put("call", call.route())
                .put("call_ns", call.endNs() - call.startNs())
                .put("call_overran_deadline", overran)
                .put("call_stack", call.stack().display())
                .build();
        String summary = "%s calls %s %s on a context without the request's deadline."
                .formatted(segment.route().isEmpty() ? line.function() : segment.route(), call.peer(), call.route());
        return new Judgement(
                kind(),
                new Place(line.function(), line.file(), line.line(), "", segment.route()),
                segment.route(),
                overran ? Severity.CRITICAL : Severity.WARNING,
                Confidence.CERTAIN,
                1,
                segment.startNs(),
                segment.endNs(),
                call.endNs() - call.startNs(),
                summary,
                evidence,
                List.of(),
                ADVICE);
    }
}
