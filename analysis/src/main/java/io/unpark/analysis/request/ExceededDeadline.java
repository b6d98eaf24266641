package io.unpark.analysis.request;

import static io.unpark.analysis.request.DeadlineText.ms;

import io.unpark.analysis.model.CauseStep;
import io.unpark.analysis.model.Confidence;
import io.unpark.analysis.model.DeadlineSigns;
import io.unpark.analysis.model.Evidence;
import io.unpark.analysis.model.Finding;
import io.unpark.analysis.model.Frame;
import io.unpark.analysis.model.Kind;
import io.unpark.analysis.model.RequestSegment;
import io.unpark.analysis.model.Severity;
import io.unpark.analysis.model.Wait;
import io.unpark.analysis.request.CallIndex.Call;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * {@code deadline_exceeded}: the deadline passed while the request ran. Said once for a request, of the outermost service whose
 * deadline passed, with how each hop below spent its time.
 */
final class ExceededDeadline {
    private static final Kind KIND = Kind.DEADLINE_EXCEEDED;
    /** Rounding of deadlines told in milliseconds, and the wall clock's drift within a capture. */
    private static final long ROUNDING_NS = 1_000_000;

    private static final int MAX_HOPS = 8;
    private static final int MAX_PARTS = 8;
    private static final Comparator<Wait> LONGEST = Comparator.comparingLong(Wait::durationNs)
            .thenComparing(Comparator.comparingLong(Wait::startNs).reversed());

    private final DeadlineReport report;
    private final RequestRules rules;

    ExceededDeadline(DeadlineReport report, RequestRules rules) {
        this.report = report;
        this.rules = rules;
    }

    Optional<Finding> judge(RequestSegment segment, Hops hops) {
        long deadlineNs = exceededNs(segment, hops);
        boolean anotherAbove = hops.above(segment).stream().anyMatch(above -> exceededNs(above, hops) > 0);
        return deadlineNs == 0 || anotherAbove ? Optional.empty() : Optional.of(finding(segment, deadlineNs, hops));
    }

    /** A callee's deadline is the same one, rounded down: when it passes there, the caller answers a moment before its own. */
    private long exceededNs(RequestSegment segment, Hops hops) {
        long deadlineNs = DeadlineFacts.deadlineNs(segment);
        boolean endsAtIt = deadlineNs > 0 && segment.endNs() >= deadlineNs - DeadlineFacts.SAME_NS;
        boolean passedBelow = endsAtIt && hops.below(segment).stream().anyMatch(below -> passedNs(below) > 0);
        return passedBelow ? deadlineNs : passedNs(segment);
    }

    /** The deadline that passed while the segment was at work; 0 when none is known to have. */
    private long passedNs(RequestSegment segment) {
        DeadlineSigns signs = segment.deadlineSigns();
        long deadlineNs = DeadlineFacts.deadlineNs(segment);
        if (deadlineNs == 0) {
            // A timer woke the handler, and its client left as well: most likely the request's deadline, not one
            // call's.
            boolean both = signs.expiryInferred() && signs.clientLeft() && !segment.canceled();
            return both ? segment.expiredNs() : 0;
        }
        boolean ranOn = segment.endNs() > deadlineNs + ROUNDING_NS;
        // The client counts from when it asked, and gives up a moment before the deadline counted from the arrival.
        long nearNs = segment.canceled() ? rules.at(segment).clockErrorNs() : DeadlineFacts.SAME_NS;
        boolean fired = signs.expirySeen() && Math.abs(segment.expiredNs() - deadlineNs) <= nearNs;
        return ranOn || fired ? deadlineNs : 0;
    }

    private Finding finding(RequestSegment segment, long deadlineNs, Hops hops) {
        boolean inferred = DeadlineFacts.deadlineNs(segment) == 0;
        Frame line = report.handler(segment);
        List<RequestSegment> below = hops.below(segment);
        List<CauseStep> cause = cause(segment, hops);
        CauseStep root = cause.get(cause.size() - 1);
        Evidence.Builder evidence = DeadlineReport.evidence(segment)
                .put("deadline", DeadlineReport.time(deadlineNs))
                .put("budget_ns", deadlineNs - segment.startNs())
                .put("past_deadline_ns", Math.max(0, segment.endNs() - deadlineNs))
                .put("inferred", inferred)
                .put("hops", 1L + below.size())
                .put("budget", table(segment, below));
        List<String> between = between(segment, below, hops);
        if (!between.isEmpty()) {
            evidence.put("between_hops", between);
        }
        RootEvidence.addTo(evidence, segment.path());
        String summary = "%s had %s and took %s%s; most of it: %s, %s %s."
                .formatted(
                        DeadlineReport.name(segment),
                        ms(deadlineNs - segment.startNs()),
                        segment.endTruncated() ? "at least " : "",
                        ms(DeadlineText.durationNs(segment)),
                        root.service(),
                        root.what(),
                        ms(root.durationNs()));
        return report.finding(
                segment,
                new DeadlineReport.Said(
                        KIND,
                        line,
                        Severity.WARNING,
                        inferred ? Confidence.POSSIBLE : segment.attribution(),
                        DeadlineText.durationNs(segment),
                        summary,
                        evidence.build(),
                        cause,
                        "Most of the budget went in " + root.service()
                                + (root.function().isEmpty() ? "" : " at " + root.function()) + " (" + root.what()
                                + "): make that faster, give it a shorter deadline of its own and an answer without it, or give the"
                                + " request more time."));
    }

    private static List<String> table(RequestSegment top, List<RequestSegment> below) {
        List<String> rows = new ArrayList<>();
        rows(top, rows);
        below.stream().limit(MAX_HOPS - 1).forEach(hop -> rows(hop, rows));
        return rows;
    }

    /** A hop's total and its parts; those that are too many to be shown are one row, so that it adds up. */
    private static void rows(RequestSegment hop, List<String> rows) {
        String name = DeadlineReport.name(hop);
        rows.add(name + ": total " + hop.split().totalNs() + " ns");
        List<Budget.Part> parts = Budget.of(hop);
        parts.stream().limit(MAX_PARTS).forEach(part -> rows.add(name + ": " + part.name() + " " + part.ns() + " ns"));
        long restNs = parts.stream().skip(MAX_PARTS).mapToLong(Budget.Part::ns).sum();
        if (restNs > 0) {
            rows.add(name + ": other " + restNs + " ns");
        }
    }

    /** What of each awaited call was neither the callee's work nor this one's: the network, and queues before the handler. */
    private static List<String> between(RequestSegment top, List<RequestSegment> below, Hops hops) {
        List<String> rows = new ArrayList<>();
        for (RequestSegment callee : below.stream().limit(MAX_HOPS - 1).toList()) {
            Optional<Call> call = hops.callOf(callee);
            if (call.isPresent() && call.get().call().endNs() > 0) {
                long calledNs = call.get().call().endNs() - call.get().call().startNs();
                long betweenNs = calledNs - DeadlineText.durationNs(callee);
                if (betweenNs > 0) {
                    rows.add(call.get().caller().instance().service() + " to "
                            + callee.instance().service() + ": network and queueing " + betweenNs + " ns");
                }
            }
        }
        return rows;
    }

    /** From hop to hop, always the largest part, down to the one that did not spend it on others. */
    private List<CauseStep> cause(RequestSegment top, Hops hops) {
        List<CauseStep> steps = new ArrayList<>();
        RequestSegment at = top;
        long awaitedNs =
                Long.MAX_VALUE; // a hop may go on after the one above has given up: that is not what the budget
        // went for
        while (steps.size() < MAX_HOPS) {
            List<Budget.Part> parts = Budget.of(at);
            Budget.Part largest = parts.isEmpty() ? new Budget.Part("running", 0) : parts.get(0);
            awaitedNs = Math.min(awaitedNs, largest.ns());
            steps.add(DeadlineReport.step(at, largest.name(), reason(largest), line(at, largest), awaitedNs));
            Optional<RequestSegment> next = largest.isDownstream() ? longestCallee(at, hops) : Optional.empty();
            if (next.isEmpty()) {
                break;
            }
            at = next.get();
        }
        return steps;
    }

    private static Optional<RequestSegment> longestCallee(RequestSegment caller, Hops hops) {
        SegmentKey key = SegmentKey.of(caller);
        return hops.below(caller).stream()
                .filter(callee -> {
                    List<RequestSegment> above = hops.above(callee);
                    return SegmentKey.of(above.get(above.size() - 1)).equals(key);
                })
                .max(Comparator.comparingLong(DeadlineText::durationNs)
                        .thenComparing(Comparator.comparing(SegmentKey::of).reversed()));
    }

    private static String reason(Budget.Part part) {
        int open = part.name().indexOf('(');
        return open < 0 ? "" : part.name().substring(open + 1, part.name().length() - 1);
    }

    private Frame line(RequestSegment at, Budget.Part part) {
        boolean waited = part.isDownstream() || !reason(part).isEmpty();
        Optional<Wait> longest = at.waits().stream()
                .filter(wait -> waited && wait.goroutine() == at.goroutine())
                .max(LONGEST);
        return longest.map(wait -> report.line(wait.stack())).orElseGet(() -> report.handler(at));
    }
}
