package io.unpark.analysis.request;

import static io.unpark.analysis.request.DeadlineFacts.SAME_NS;
import static io.unpark.analysis.request.DeadlineText.ms;

import io.unpark.analysis.model.CauseStep;
import io.unpark.analysis.model.Confidence;
import io.unpark.analysis.model.Evidence;
import io.unpark.analysis.model.Finding;
import io.unpark.analysis.model.Frame;
import io.unpark.analysis.model.Kind;
import io.unpark.analysis.model.OutgoingCall;
import io.unpark.analysis.model.RequestSegment;
import io.unpark.analysis.model.Severity;
import io.unpark.analysis.request.CallIndex.Call;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * {@code deadline_extended}: somebody works on a later deadline than the request's. A Go context cannot outlive its parent, so it
 * is an outgoing call on a detached context, reported at the call; or the callee, reported on the callee.
 */
final class ExtendedDeadline {
    private static final Kind KIND = Kind.DEADLINE_EXTENDED;

    private final DeadlineReport report;
    private final RequestRules rules;

    ExtendedDeadline(DeadlineReport report, RequestRules rules) {
        this.report = report;
        this.rules = rules;
    }

    List<Finding> judge(RequestSegment segment, Hops hops) {
        List<Finding> found = new ArrayList<>();
        long deadlineNs = DeadlineFacts.deadlineNs(segment);
        if (deadlineNs > 0) {
            segment.calls().stream()
                    .filter(call -> call.contextDeadlineNs() > deadlineNs + SAME_NS)
                    .filter(call -> DeadlineFacts.isAwaited(segment, call))
                    .forEach(call -> found.add(byCall(segment, call, deadlineNs)));
        }
        byCallee(segment, hops).ifPresent(found::add);
        return found;
    }

    private Optional<Finding> byCallee(RequestSegment callee, Hops hops) {
        long ownNs = callee.contextDeadlineNs();
        if (ownNs == 0 || callee.startTruncated()) {
            return Optional.empty();
        }
        if (callee.headerDeadlineNs() > 0) {
            boolean later = ownNs > callee.headerDeadlineNs() + SAME_NS; // both on the callee's clock
            return later
                    ? Optional.of(
                            onCallee(callee, callee.headerDeadlineNs(), hops.callOf(callee), "the header's", false))
                    : Optional.empty();
        }
        Optional<Call> call = hops.callOf(callee);
        if (call.isPresent()) {
            OutgoingCall from = call.get().call();
            boolean later = !from.detached()
                    && isLater(callee, from.contextDeadlineNs(), from.contextDeadlineNs() - from.startNs());
            return later
                    ? Optional.of(onCallee(callee, from.contextDeadlineNs(), call, "its caller's", false))
                    : Optional.empty();
        }
        return byIds(callee, hops.above(callee));
    }

    /** Only ids join them: the first of those above has the deadline that binds all. */
    private Optional<Finding> byIds(RequestSegment callee, List<RequestSegment> above) {
        if (above.isEmpty() || above.stream().anyMatch(segment -> DeadlineFacts.deadlineNs(segment) == 0)) {
            return Optional.empty();
        }
        RequestSegment root = above.get(0);
        long deadlineNs = DeadlineFacts.deadlineNs(root);
        return isLater(callee, deadlineNs, deadlineNs - root.startNs())
                ? Optional.of(onCallee(callee, deadlineNs, Optional.empty(), "the request's", true))
                : Optional.empty();
    }

    /**
     * Later as it is written, and also when the callee's clock is set by the call: what is left at the callee's start can't be
     * more than was left when it was called. A clock that is off makes one of the two look wrong, not both.
     */
    private boolean isLater(RequestSegment callee, long deadlineNs, long leftAtCallNs) {
        long leftAtStartNs = callee.contextDeadlineNs() - callee.startNs();
        return deadlineNs > 0
                && callee.contextDeadlineNs() > deadlineNs + rules.at(callee).clockErrorNs()
                && leftAtStartNs > leftAtCallNs + SAME_NS;
    }

    private Finding byCall(RequestSegment segment, OutgoingCall call, long deadlineNs) {
        Frame line = report.line(call.stack());
        String called = call.route() + " to " + call.peer();
        String later = ms(call.contextDeadlineNs() - deadlineNs);
        long pastNs = call.endNs() - deadlineNs;
        Evidence evidence = DeadlineReport.evidence(segment)
                .put("extended", "by the context of an outgoing call")
                .put("request_deadline", DeadlineReport.time(deadlineNs))
                .put("call_deadline", DeadlineReport.time(call.contextDeadlineNs()))
                .put("extended_by_ns", call.contextDeadlineNs() - deadlineNs)
                .put("call", called)
                .put("call_ns", call.endNs() - call.startNs())
                .put("call_stack", call.stack().display())
                .build();
        String summary = "%s calls %s with a deadline %s later than its own%s."
                .formatted(
                        DeadlineReport.name(segment),
                        called,
                        later,
                        pastNs > 0 ? "; it waited for it for " + ms(pastNs) + " past it" : "");
        CauseStep step = DeadlineReport.step(
                segment, "called " + called + " with more time than it had", "", line, call.endNs() - call.startNs());
        return report.finding(
                segment,
                new DeadlineReport.Said(
                        KIND,
                        line,
                        pastNs > 0 ? Severity.CRITICAL : Severity.WARNING,
                        Confidence.CERTAIN,
                        call.endNs() - call.startNs(),
                        summary,
                        evidence,
                        List.of(step),
                        "Derive the call's context from the request's (r.Context()): it then ends with it, whatever timeout you"
                                + " add. What must outlive the request should not be waited for by it."));
    }

    private Finding onCallee(
            RequestSegment callee, long deadlineNs, Optional<Call> call, String whose, boolean inferred) {
        Frame line = report.handler(callee);
        long pastNs = callee.endNs() - deadlineNs;
        Evidence.Builder evidence = DeadlineReport.evidence(callee)
                .put("extended", "by the callee")
                .put("request_deadline", DeadlineReport.time(deadlineNs))
                .put("callee_deadline", DeadlineReport.time(callee.contextDeadlineNs()))
                .put("extended_by_ns", callee.contextDeadlineNs() - deadlineNs)
                .put(
                        "clock_error_ns",
                        whose.equals("the header's") ? 0 : rules.at(callee).clockErrorNs())
                .put("inferred", inferred);
        call.ifPresent(
                from -> evidence.put("caller_service", from.caller().instance().service())
                        .put("caller", report.line(from.call().stack()).display()));
        String summary = "%s runs with a deadline %s later than %s%s."
                .formatted(
                        DeadlineReport.name(callee),
                        ms(callee.contextDeadlineNs() - deadlineNs),
                        whose,
                        DeadlineText.end(callee, deadlineNs));
        CauseStep step = DeadlineReport.step(
                callee,
                "ran for " + ms(DeadlineText.durationNs(callee)) + " with a later deadline",
                "",
                line,
                DeadlineText.durationNs(callee));
        return report.finding(
                callee,
                new DeadlineReport.Said(
                        KIND,
                        line,
                        pastNs > rules.at(callee).clockErrorNs() ? Severity.CRITICAL : Severity.WARNING,
                        inferred ? Confidence.LIKELY : callee.attribution(),
                        DeadlineText.durationNs(callee),
                        summary,
                        evidence.build(),
                        List.of(step),
                        "In " + callee.instance().service()
                                + ", take the shorter of the deadline that arrives and your own:"
                                + " context.WithTimeout(r.Context(), …) on the request's context does so by itself; never start from"
                                + " context.Background() or WithoutCancel."));
    }
}
