package io.unpark.analysis.request;

import io.unpark.analysis.model.Finding;
import io.unpark.analysis.model.RequestSegment;
import io.unpark.analysis.place.UserCode;
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

    /** As {@link #judge(Collection, String, UserCode)}, without knowledge of the user's packages. */
    public static List<Finding> judge(Collection<RequestSegment> segments, String configHash) {
        return judge(segments, configHash, UserCode.standard());
    }

    /**
     * What stands about these segments, one finding for each subject and fingerprint, ordered by id.
     *
     * @param segments of one request, one revision of each
     */
    public static List<Finding> judge(Collection<RequestSegment> segments, String configHash, UserCode userCode) {
        return judge(segments, configHash, userCode, revision(segments));
    }

    static List<Finding> judge(
            Collection<RequestSegment> segments, String configHash, UserCode userCode, long revision) {
        CallIndex calls = new CallIndex(segments);
        LostDeadline lostDeadline = new LostDeadline(userCode, configHash, revision);
        SlowRequest slowRequest = new SlowRequest(configHash, revision);
        Map<String, Finding> byId = new TreeMap<>();
        for (RequestSegment segment : segments) {
            lostDeadline
                    .judge(segment, calls.callOf(segment))
                    .ifPresent(finding -> byId.merge(finding.findingId(), finding, RequestJoiner::worse));
            slowRequest
                    .judge(segment, segments)
                    .ifPresent(finding -> byId.merge(finding.findingId(), finding, RequestJoiner::worse));
        }
        return List.copyOf(byId.values());
    }

    /** One request that lost its deadline twice at one place is still one subject: the worse example, over both times. */
    private static Finding worse(Finding a, Finding b) {
        Finding worse = WORST_FIRST.compare(a, b) <= 0 ? a : b;
        return new Finding(
                worse.findingId(),
                worse.anomalyId(),
                worse.kind(),
                worse.subject(),
                worse.revision(),
                false,
                worse.instance(),
                worse.input(),
                worse.place(),
                worse.severity(),
                worse.confidence(),
                worse.count(),
                Math.min(a.firstSeenNs(), b.firstSeenNs()),
                Math.max(a.lastSeenNs(), b.lastSeenNs()),
                worse.durationNs(),
                worse.summary(),
                worse.evidence(),
                worse.cause(),
                worse.advice(),
                worse.chunks(),
                worse.configHash());
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
