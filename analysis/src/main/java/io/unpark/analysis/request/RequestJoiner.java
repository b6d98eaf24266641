package io.unpark.analysis.request;

import io.unpark.analysis.model.Finding;
import io.unpark.analysis.model.RequestSegment;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Judges the segments of one request together. A pure function of the set of segments: their order does not matter, and equal
 * sets give equal findings.
 */
public final class RequestJoiner {
    /** Revisions of segments count up to this (3.6e16), so that the sum over a full set fits a long. */
    private static final long MAX_REVISION = Long.MAX_VALUE / RequestSet.MAX_SEGMENTS - 1;

    static final Comparator<Finding> BY_ID = Comparator.comparing(Finding::findingId);

    /** The worst first: severity, then duration; the rest makes the choice the same in every order. */
    private static final Comparator<Finding> WORST_FIRST = Comparator.comparing(Finding::severity)
            .thenComparingLong(Finding::durationNs)
            .reversed()
            .thenComparingLong(Finding::firstSeenNs)
            .thenComparing(finding -> finding.instance().name())
            .thenComparing(finding -> finding.evidence().values().toString());

    private RequestJoiner() {}

    /**
     * What stands about these segments, one finding for each subject and fingerprint, ordered by id.
     *
     * @param segments of one request, one revision of each
     */
    public static List<Finding> judge(Collection<RequestSegment> segments, RequestRules rules) {
        return judge(segments, rules, revision(segments));
    }

    static List<Finding> judge(Collection<RequestSegment> segments, RequestRules rules, long revision) {
        Hops hops = new Hops(segments, rules.config().clockErrorNs());
        DeadlineReport report = new DeadlineReport(rules, revision);
        List<Finding> found = new ArrayList<>(brokenDeadlines(hops, report, rules, revision));
        ExceededDeadline exceeded = new ExceededDeadline(report, rules);
        SlowRequest slowRequest = new SlowRequest(rules.configHash(), revision);
        hops.segments().forEach(segment -> {
            exceeded.judge(segment, hops).ifPresent(found::add);
            slowRequest.judge(segment, hops.segments()).ifPresent(found::add);
        });
        Map<String, Finding> byId = new TreeMap<>();
        found.forEach(finding -> byId.merge(finding.findingId(), finding, RequestJoiner::worse));
        return List.copyOf(byId.values());
    }

    /** One fault is one kind: of those a request has, only the first is told. */
    private static List<Finding> brokenDeadlines(Hops hops, DeadlineReport report, RequestRules rules, long revision) {
        LostDeadline lost = new LostDeadline(rules.userCode(), rules.configHash(), revision);
        InferredLoss inferred = new InferredLoss(report, rules);
        ExtendedDeadline extended = new ExtendedDeadline(report, rules);
        MissingDeadline missing = new MissingDeadline(report, rules);
        List<Finding> found = new ArrayList<>();
        for (RequestSegment segment : hops.segments()) {
            lost.judge(segment, hops.callOf(segment)).ifPresent(found::add);
            inferred.judge(segment, hops).ifPresent(found::add);
        }
        // A call on a context of its own is judged in the caller's process, and told from there.
        if (!found.isEmpty() || hops.segments().stream().anyMatch(DeadlineFacts::hasReplacedContext)) {
            return found;
        }
        hops.segments().forEach(segment -> found.addAll(extended.judge(segment, hops)));
        if (found.isEmpty()) {
            hops.segments().forEach(segment -> missing.judge(segment, hops).ifPresent(found::add));
        }
        return found;
    }

    /** One request that lost its deadline twice at one place is still one subject: the worse example, over both times. */
    private static Finding worse(Finding a, Finding b) {
        Finding worse = WORST_FIRST.compare(a, b) <= 0 ? a : b;
        return worse.spanning(a, b, worse.revision(), worse.count());
    }

    /**
     * A number that is equal for equal sets and greater after each change: a new segment adds 1 and its revision, a newer
     * revision adds the difference. Revisions are generation numbers, 0 to {@value #MAX_REVISION}.
     */
    static long revision(Collection<RequestSegment> segments) {
        long sum = 0;
        for (RequestSegment segment : segments) {
            sum += 1 + Math.min(Math.max(segment.revision(), 0), MAX_REVISION);
        }
        return sum;
    }
}
