package io.unpark.analysis.request;

import static io.unpark.analysis.request.DeadlineText.ms;

import io.unpark.analysis.json.UtcTime;
import io.unpark.analysis.model.Advice;
import io.unpark.analysis.model.CauseStep;
import io.unpark.analysis.model.Confidence;
import io.unpark.analysis.model.Evidence;
import io.unpark.analysis.model.Finding;
import io.unpark.analysis.model.Frame;
import io.unpark.analysis.model.Ids;
import io.unpark.analysis.model.Kind;
import io.unpark.analysis.model.Place;
import io.unpark.analysis.model.RequestSegment;
import io.unpark.analysis.model.Severity;
import io.unpark.analysis.model.Stack;
import io.unpark.analysis.place.UserCode;
import io.unpark.analysis.request.CallIndex.Call;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * {@code deadline_not_propagated} between services: the caller had a deadline and the callee runs without one. Reported on the
 * callee; the caller's call site is the line to fix. A call on a context of its own ({@code context.Background()}) is judged in
 * the caller's process and stays out here: one fault, one kind.
 */
final class LostDeadline {
    private static final Kind KIND = Kind.DEADLINE_NOT_PROPAGATED;
    /** Two hosts' clocks may differ: only beyond this did the callee surely outlive the deadline. */
    private static final long CLOCK_SLACK_NS = 25_000_000;
    /** A deadline that the handler derived from the header itself may differ by the time that passed until then. */
    private static final long SAME_DEADLINE_NS = 5_000_000;

    private static final int MAX_CHUNKS = 32;
    private static final String DOC = "detectors/deadline_not_propagated.md";
    private static final String NEXT_TOOL =
            "Execution trace: open the slice and compare the callee's time with the caller's budget";

    private final UserCode userCode;
    private final String configHash;
    private final long revision;

    LostDeadline(UserCode userCode, String configHash, long revision) {
        this.userCode = userCode;
        this.configHash = configHash;
        this.revision = revision;
    }

    /**
     * One segment, as a callee.
     *
     * @param call the call that led to it, empty when the caller's part of the request is not there
     */
    Optional<Finding> judge(RequestSegment callee, Optional<Call> call) {
        boolean detached = call.isPresent() && call.get().call().detached();
        if (callee.contextDeadlineNs() > 0 || detached) {
            return Optional.empty();
        }
        if (callee.headerDeadlineNs() > 0) {
            return appliedLater(callee) ? Optional.empty() : Optional.of(ignored(callee, call));
        }
        return call.filter(from -> from.call().contextDeadlineNs() > 0 && knowsItsDeadlines(callee))
                .map(from -> lost(callee, from));
    }

    /** Without annotations, or when they lie before the trace, "no deadline" only means "none seen". */
    private static boolean knowsItsDeadlines(RequestSegment callee) {
        return callee.attribution() == Confidence.CERTAIN && !callee.startTruncated();
    }

    /** The handler read the header behind the agent's middleware: then its own calls carry that deadline. */
    private static boolean appliedLater(RequestSegment callee) {
        return callee.calls().stream()
                .filter(call -> !call.detached() && call.contextDeadlineNs() > 0)
                .anyMatch(call -> Math.abs(call.contextDeadlineNs() - callee.headerDeadlineNs()) <= SAME_DEADLINE_NS);
    }

    private Finding ignored(RequestSegment callee, Optional<Call> call) {
        String summary = callee.instance().service() + " " + callee.route()
                + " was sent a deadline in the request's header but its handler ran on a context without one"
                + DeadlineText.end(callee, callee.headerDeadlineNs()) + ".";
        Evidence.Builder evidence = evidence(callee, callee.headerDeadlineNs(), "header ignored by the callee")
                .put("header_deadline", UtcTime.text(callee.headerDeadlineNs()));
        call.ifPresent(from -> addCaller(evidence, from));
        String fix =
                "In " + callee.instance().service() + ", derive the handler's context from the deadline header that"
                        + " arrives: context.WithDeadline(r.Context(), …) in a middleware, and pass that context on.";
        return finding(callee, callee.headerDeadlineNs(), summary, evidence, cause(callee, call), fix);
    }

    private Finding lost(RequestSegment callee, Call from) {
        boolean sent = from.call().headerDeadlineNs() > 0;
        long deadlineNs = from.call().contextDeadlineNs();
        String summary =
                callee.instance().service() + " " + callee.route() + " ran without the deadline of its caller: "
                        + from.caller().instance().service() + " had "
                        + ms(deadlineNs - from.call().startNs()) + " left and "
                        + (sent ? "sent it, but it did not arrive" : "sent no deadline")
                        + DeadlineText.end(callee, deadlineNs) + ".";
        Evidence.Builder evidence =
                evidence(callee, deadlineNs, sent ? "header sent but not received" : "header not sent");
        addCaller(evidence, from);
        return finding(
                callee, deadlineNs, summary, evidence, cause(callee, Optional.of(from)), fix(callee, from, sent));
    }

    private String fix(RequestSegment callee, Call from, boolean sent) {
        String service = callee.instance().service();
        if (sent) {
            return "Find what drops the deadline header between "
                    + from.caller().instance().service() + " and " + service
                    + " (a proxy, or a header name that " + service
                    + " does not read); then derive the handler's context"
                    + " from it.";
        }
        String where = callSite(from)
                .map(Frame::display)
                .orElse("the call to " + from.call().peer());
        return "In " + from.caller().instance().service() + " at " + where
                + ": send the remaining budget with the request, as a header such as Request-Timeout (gRPC does it by"
                + " itself); in " + service + ", derive the handler's context from it.";
    }

    private Evidence.Builder evidence(RequestSegment callee, long deadlineNs, String how) {
        Evidence.Builder evidence = Evidence.builder()
                .put("lost", how)
                .put("request", callee.requestId())
                .put("span", callee.segmentId())
                .put("deadline", UtcTime.text(deadlineNs))
                .put("callee_deadline", "none")
                .put("callee_start", UtcTime.text(callee.startNs()))
                .put("callee_duration_ns", DeadlineText.durationNs(callee))
                .put("budget_ns", deadlineNs - callee.startNs());
        if (callee.endNs() > deadlineNs) {
            evidence.put("past_deadline_ns", callee.endNs() - deadlineNs);
        }
        if (callee.startTruncated() || callee.endTruncated()) {
            evidence.put("truncated", true);
        }
        return evidence;
    }

    private void addCaller(Evidence.Builder evidence, Call from) {
        evidence.put("caller_service", from.caller().instance().service())
                .put("caller_instance", from.caller().instance().name())
                .put("caller_route", from.caller().route())
                .put("caller_span", from.call().spanId())
                .put("call", from.call().route() + " to " + from.call().peer());
        callSite(from).ifPresent(frame -> evidence.put("caller", frame.display()));
        putTime(evidence, "caller_deadline", from.call().contextDeadlineNs());
        putTime(evidence, "caller_header_deadline", from.call().headerDeadlineNs());
    }

    private static void putTime(Evidence.Builder evidence, String name, long unixNs) {
        evidence.put(name, unixNs > 0 ? UtcTime.text(unixNs) : "none");
    }

    private List<CauseStep> cause(RequestSegment callee, Optional<Call> call) {
        List<CauseStep> steps = new ArrayList<>();
        steps.add(step(
                callee,
                "ran for " + ms(DeadlineText.durationNs(callee)) + " without a deadline",
                userLine(callee.handler()),
                DeadlineText.durationNs(callee)));
        call.ifPresent(from -> steps.add(step(
                from.caller(),
                "called " + from.call().route() + (from.call().headerDeadlineNs() > 0 ? ", sent" : ", did not send")
                        + " its deadline",
                callSite(from),
                Math.max(0, from.call().endNs() - from.call().startNs()))));
        return steps;
    }

    private static CauseStep step(RequestSegment at, String what, Optional<Frame> line, long durationNs) {
        Frame frame = line.orElse(new Frame("", "", 0));
        return new CauseStep(
                at.instance().service(),
                at.route(),
                what,
                "",
                frame.function(),
                frame.file(),
                frame.line(),
                durationNs);
    }

    private Finding finding(
            RequestSegment callee,
            long deadlineNs,
            String summary,
            Evidence.Builder evidence,
            List<CauseStep> cause,
            String fix) {
        Frame frame = userLine(callee.handler()).orElse(new Frame("", "", 0));
        String anomalyId = Ids.anomaly(KIND, callee.instance(), frame.function(), "", callee.route());
        boolean outlived = callee.endNs() > deadlineNs + CLOCK_SLACK_NS;
        return new Finding(
                Ids.finding(KIND, callee.requestId(), anomalyId),
                anomalyId,
                KIND,
                callee.requestId(),
                revision,
                false,
                callee.instance(),
                callee.input(),
                new Place(frame.function(), frame.file(), frame.line(), "", callee.route()),
                outlived ? Severity.CRITICAL : Severity.WARNING,
                callee.attribution(),
                1,
                callee.startNs(),
                callee.startNs(),
                DeadlineText.durationNs(callee),
                summary,
                evidence.build(),
                cause,
                new Advice(fix, NEXT_TOOL, DOC),
                callee.chunks().stream().limit(MAX_CHUNKS).toList(),
                configHash);
    }

    private Optional<Frame> callSite(Call from) {
        return userLine(from.call().stack());
    }

    /** The user's line; where the whole stack is libraries, its innermost frame is better than nothing. */
    private Optional<Frame> userLine(Stack stack) {
        return userCode.line(stack).or(() -> stack.frames().stream().findFirst());
    }
}
