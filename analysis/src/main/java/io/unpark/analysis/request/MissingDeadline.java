package io.unpark.analysis.request;

import static io.unpark.analysis.request.DeadlineText.ms;

import io.unpark.analysis.model.Confidence;
import io.unpark.analysis.model.Evidence;
import io.unpark.analysis.model.Finding;
import io.unpark.analysis.model.Frame;
import io.unpark.analysis.model.Kind;
import io.unpark.analysis.model.OutgoingCall;
import io.unpark.analysis.model.RequestSegment;
import io.unpark.analysis.model.Severity;
import java.util.List;
import java.util.Optional;

/**
 * {@code missing_deadline}: a request that outlives the limit has no deadline on entry nor on its context. Said of the service
 * where it came in: those behind it could not know better. Silent where nobody tells the deadlines.
 */
final class MissingDeadline {
    private static final Kind KIND = Kind.MISSING_DEADLINE;
    private static final int CRITICAL_FACTOR = 10;
    private static final int MAX_CALLS_SHOWN = 8;

    private final DeadlineReport report;
    private final RequestRules rules;

    MissingDeadline(DeadlineReport report, RequestRules rules) {
        this.report = report;
        this.rules = rules;
    }

    Optional<Finding> judge(RequestSegment segment, Hops hops) {
        boolean unlimited = segment.deadlineSigns().told() && DeadlineFacts.deadlineNs(segment) == 0;
        boolean meantToBeLong = segment.deadlineSigns().streamed()
                || rules.config().longPollRoutes().contains(segment.route());
        boolean outlives = DeadlineText.durationNs(segment) > rules.at(segment).missingDeadlineNs();
        if (!unlimited || meantToBeLong || !outlives || !hops.above(segment).isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(finding(segment));
    }

    private Finding finding(RequestSegment segment) {
        long durationNs = DeadlineText.durationNs(segment);
        Frame line = report.handler(segment);
        List<String> calls = segment.calls().stream()
                .limit(MAX_CALLS_SHOWN)
                .map(MissingDeadline::shown)
                .toList();
        Evidence.Builder evidence = DeadlineReport.evidence(segment)
                .put("header_deadline", "none")
                .put("context_deadline", "none")
                .put("limit_ns", rules.at(segment).missingDeadlineNs())
                .put("calls", calls)
                .put("calls_total", segment.calls().size());
        if (!segment.parentSpanId().isEmpty()) {
            evidence.put("caller", "not known");
        }
        String summary = "%s took %s%s without any deadline."
                .formatted(DeadlineReport.name(segment), segment.endTruncated() ? "at least " : "", ms(durationNs));
        return report.finding(
                segment,
                new DeadlineReport.Said(
                        KIND,
                        line,
                        durationNs > CRITICAL_FACTOR * rules.at(segment).missingDeadlineNs()
                                ? Severity.CRITICAL
                                : Severity.WARNING,
                        // Its caller, whom we do not see, may have made the call on a context of its own.
                        segment.parentSpanId().isEmpty() ? Confidence.CERTAIN : Confidence.POSSIBLE,
                        durationNs,
                        summary,
                        evidence.build(),
                        List.of(DeadlineReport.step(
                                segment, "ran for " + ms(durationNs) + " without a deadline", "", line, durationNs)),
                        "Give the request a deadline where it comes in: context.WithTimeout(r.Context(), …) in a middleware, or"
                                + " http.TimeoutHandler; then pass the context on. A route that is meant to be long belongs into"
                                + " long_poll_routes."));
    }

    private static String shown(OutgoingCall call) {
        String took = call.endNs() == 0 ? "not returned" : call.endNs() - call.startNs() + " ns";
        return call.route() + " to " + call.peer() + ": " + took;
    }
}
