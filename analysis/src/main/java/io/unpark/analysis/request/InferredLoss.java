package io.unpark.analysis.request;

import static io.unpark.analysis.request.DeadlineText.ms;

import io.unpark.analysis.model.Confidence;
import io.unpark.analysis.model.Evidence;
import io.unpark.analysis.model.Finding;
import io.unpark.analysis.model.Frame;
import io.unpark.analysis.model.Kind;
import io.unpark.analysis.model.RequestSegment;
import io.unpark.analysis.model.Severity;
import io.unpark.analysis.model.Wait;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * {@code deadline_not_propagated} where nothing is annotated but ids and deadlines are logged. Two things show it: a client's round
 * trip that stays blocked beyond the request's deadline was not given it; and a callee's log of its ids that lacks the
 * deadline, though the same code logged one in the service above.
 */
final class InferredLoss {
    private static final Kind KIND = Kind.DEADLINE_NOT_PROPAGATED;
    /** A round trip ends at once when its context does; waking up may take its time. */
    private static final long SLACK_NS = 25_000_000;

    private static final Comparator<Wait> LONGEST = Comparator.comparingLong(Wait::durationNs)
            .thenComparing(Comparator.comparingLong(Wait::startNs).reversed());

    private final DeadlineReport report;
    private final RequestRules rules;

    InferredLoss(DeadlineReport report, RequestRules rules) {
        this.report = report;
        this.rules = rules;
    }

    Optional<Finding> judge(RequestSegment segment, Hops hops) {
        if (segment.deadlineSigns().told()) {
            return Optional.empty();
        }
        Optional<Wait> blocked = blockedBeyondDeadline(segment);
        if (blocked.isPresent()) {
            return Optional.of(notGiven(segment, blocked.get()));
        }
        return notLogged(segment, hops.above(segment)) ? Optional.of(lost(segment, hops)) : Optional.empty();
    }

    private static Optional<Wait> blockedBeyondDeadline(RequestSegment segment) {
        long deadlineNs = DeadlineFacts.deadlineNs(segment);
        // The process may have been kept from running when its timers were due.
        long firedNs = segment.canceled() ? deadlineNs : Math.max(deadlineNs, segment.expiredNs());
        return segment.waits().stream()
                .filter(wait -> deadlineNs > 0 && isWaitedFor(segment, wait))
                .filter(wait -> wait.startNs() < deadlineNs && wait.startNs() + wait.durationNs() > firedNs + SLACK_NS)
                .filter(wait -> DeadlineFacts.isRoundTrip(wait) && !isByContext(wait))
                .max(LONGEST);
    }

    /** By the handler's own goroutine, or by another for which that one waited until then. */
    private static boolean isWaitedFor(RequestSegment segment, Wait wait) {
        long endNs = wait.startNs() + wait.durationNs();
        return wait.goroutine() == segment.goroutine()
                || segment.waits().stream()
                        .filter(main -> main.goroutine() == segment.goroutine() && !isByContext(main))
                        .filter(main -> main.startNs() < endNs)
                        .mapToLong(main -> main.startNs() + main.durationNs() - endNs)
                        .anyMatch(laterNs -> laterNs >= 0 && laterNs <= DeadlineFacts.SAME_NS);
    }

    /** Its context ended it, late as it was: it had been given one. */
    private static boolean isByContext(Wait wait) {
        return wait.wakerStack().frames().stream()
                .anyMatch(frame -> frame.function().startsWith("context."));
    }

    /** All above have a deadline, and none of them is to blame for what did not arrive here. */
    private static boolean notLogged(RequestSegment callee, List<RequestSegment> above) {
        String logger = callee.deadlineSigns().logger();
        return !logger.isEmpty()
                && DeadlineFacts.deadlineNs(callee) == 0
                && !above.isEmpty()
                && !callee.startTruncated()
                && above.stream().allMatch(a -> DeadlineFacts.deadlineNs(a) > 0)
                && above.stream().noneMatch(a -> blockedBeyondDeadline(a).isPresent())
                && above.stream().noneMatch(DeadlineFacts::hasReplacedContext)
                && above.stream()
                        .map(RequestSegment::deadlineSigns)
                        .anyMatch(a -> a.logged() && a.logger().equals(logger));
    }

    private Finding notGiven(RequestSegment segment, Wait wait) {
        long deadlineNs = DeadlineFacts.deadlineNs(segment);
        Frame line = report.line(wait.stack());
        long pastNs = wait.startNs() + wait.durationNs() - deadlineNs;
        Evidence evidence = DeadlineReport.evidence(segment)
                .put("lost", "round trip not given the deadline")
                .put("inferred", true)
                .put("request_deadline", DeadlineReport.time(deadlineNs))
                .put("round_trip_ns", wait.durationNs())
                .put("past_deadline_ns", pastNs)
                .put("call_stack", wait.stack().display())
                .build();
        String summary = "%s waited for another service for %s past its deadline: the call was made without it."
                .formatted(DeadlineReport.name(segment), ms(pastNs));
        return report.finding(
                segment,
                new DeadlineReport.Said(
                        KIND,
                        line,
                        Severity.CRITICAL,
                        Confidence.LIKELY,
                        wait.durationNs(),
                        summary,
                        evidence,
                        List.of(DeadlineReport.step(
                                segment, "waited for the answer", wait.reason(), line, wait.durationNs())),
                        "Pass the request's context to the call (r.Context(), or one derived from it) instead of a fresh one."));
    }

    private Finding lost(RequestSegment callee, Hops hops) {
        RequestSegment root = hops.above(callee).get(0);
        long deadlineNs = DeadlineFacts.deadlineNs(root);
        Frame line = report.handler(callee);
        boolean outlived = callee.endNs() > deadlineNs + rules.at(callee).clockErrorNs();
        String service = callee.instance().service();
        Evidence.Builder evidence = DeadlineReport.evidence(callee)
                .put("lost", "not logged by the callee")
                .put("inferred", true)
                .put("request_deadline", DeadlineReport.time(deadlineNs))
                .put("callee_deadline", "none")
                .put("budget_ns", deadlineNs - callee.startNs())
                .put("clock_error_ns", rules.at(callee).clockErrorNs())
                .put("caller_service", root.instance().service())
                .put("caller", report.handler(root).display());
        if (callee.endNs() > deadlineNs) {
            evidence.put("past_deadline_ns", callee.endNs() - deadlineNs);
        }
        String summary = "%s ran without the deadline of its request, which %s had%s."
                .formatted(
                        DeadlineReport.name(callee), root.instance().service(), DeadlineText.end(callee, deadlineNs));
        return report.finding(
                callee,
                new DeadlineReport.Said(
                        KIND,
                        line,
                        outlived ? Severity.CRITICAL : Severity.WARNING,
                        Confidence.LIKELY,
                        DeadlineText.durationNs(callee),
                        summary,
                        evidence.build(),
                        List.of(DeadlineReport.step(
                                callee,
                                "ran for " + ms(DeadlineText.durationNs(callee)) + " without a deadline",
                                "",
                                line,
                                DeadlineText.durationNs(callee))),
                        "In " + root.instance().service() + ", send the remaining budget with the call to " + service
                                + ", as a header such as Request-Timeout; in " + service
                                + ", derive the handler's context from it."));
    }
}
