package io.unpark.analysis.request;

import io.unpark.analysis.fault.DetectorFaults;
import io.unpark.analysis.model.Finding;
import io.unpark.analysis.model.RequestSegment;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The segments of one request: the latest revision of each (instance, segment id). Judged again at each arrival, so that the
 * verdict is a function of the set, not of the order in which its parts came. Not safe for use by several threads.
 */
public final class RequestSet {
    /** Segments held of one request; more are counted and ignored, and the request is then judged without them. */
    public static final int MAX_SEGMENTS = 256;

    private final RequestRules rules;
    private final JoinDetector joiner;
    private final DetectorFaults faults;
    private final Map<SegmentKey, RequestSegment> segments = new TreeMap<>();
    private long ignored;
    /** What stands about the segments as they are, once it was asked for; judging is a function of the set. */
    private List<Finding> standing;

    /** An empty set. */
    public RequestSet(RequestRules rules) {
        this(rules, JoinDetector.STANDARD, new DetectorFaults());
    }

    /**
     * An empty set.
     *
     * @param faults gets the joiner's exceptions; many sets may share it
     */
    public RequestSet(RequestRules rules, JoinDetector joiner, DetectorFaults faults) {
        this.rules = rules;
        this.joiner = joiner;
        this.faults = faults;
    }

    /**
     * A set as it was stored.
     *
     * @param segments what {@link #segments()} gave, in any order
     * @param ignored what {@link #ignored()} gave
     */
    public RequestSet(RequestRules rules, Collection<RequestSegment> segments, long ignored) {
        this(rules, segments, ignored, JoinDetector.STANDARD, new DetectorFaults());
    }

    /** As {@link #RequestSet(RequestRules, Collection, long)}, judged by {@code joiner}. */
    public RequestSet(
            RequestRules rules,
            Collection<RequestSegment> segments,
            long ignored,
            JoinDetector joiner,
            DetectorFaults faults) {
        this(rules, joiner, faults);
        segments.forEach(segment -> this.segments.merge(SegmentKey.of(segment), segment, RequestSet::later));
        this.ignored = ignored;
    }

    private static RequestSegment later(RequestSegment a, RequestSegment b) {
        return a.revision() >= b.revision() ? a : b;
    }

    /**
     * Takes in one segment.
     *
     * @return whether the set changed: not when this or a later revision is there already, nor beyond the limit
     */
    public boolean add(RequestSegment segment) {
        SegmentKey key = SegmentKey.of(segment);
        RequestSegment before = segments.get(key);
        if (before != null && before.revision() >= segment.revision()) {
            return false;
        }
        if (before == null && segments.size() >= MAX_SEGMENTS) {
            ignored++;
            return false;
        }
        segments.put(key, segment);
        standing = null;
        return true;
    }

    /** What is held, ordered by instance and segment id; a view that cannot be changed. */
    public Collection<RequestSegment> segments() {
        return Collections.unmodifiableCollection(segments.values());
    }

    /** How many arrivals were refused because the set was full. */
    public long ignored() {
        return ignored;
    }

    /**
     * Takes in one segment and tells what changes by it: judgements that are new or say something else, and those taken back.
     * Each carries the revision of the set, which grows with every change.
     */
    public List<Finding> change(RequestSegment arriving) {
        Map<String, Finding> before = byId(standing());
        if (!add(arriving)) {
            return List.of();
        }
        long revision = RequestJoiner.revision(segments.values());
        List<Finding> changes = new ArrayList<>();
        for (Finding finding : standing()) {
            Finding last = before.remove(finding.findingId());
            if (last == null || !finding.equals(last.at(revision))) {
                changes.add(finding);
            }
        }
        before.values().stream()
                .map(finding -> finding.withdrawnAt(revision))
                .sorted(RequestJoiner.BY_ID)
                .forEach(changes::add);
        return changes;
    }

    /** Greater after each change, and equal for equal sets. */
    public long revision() {
        return RequestJoiner.revision(segments.values());
    }

    /** Whether a part of it was among the slowest of its route: such a request is kept although nothing is found about it. */
    public boolean isAmongSlowest() {
        return segments.values().stream().anyMatch(RequestSegment::slowest);
    }

    /** What stands about the segments that are held. */
    public List<Finding> standing() {
        if (standing == null) {
            standing = segments.isEmpty() ? List.of() : judge();
        }
        return standing;
    }

    /** A joiner that fails says nothing of this set: the verdict stays a function of the set, whatever was said of a part of it. */
    private List<Finding> judge() {
        long revision = RequestJoiner.revision(segments.values());
        return faults.guard(JoinDetector.NAME, () -> joiner.judge(segments.values(), rules, revision))
                .orElse(List.of());
    }

    private static Map<String, Finding> byId(List<Finding> findings) {
        Map<String, Finding> byId = new HashMap<>();
        findings.forEach(finding -> byId.put(finding.findingId(), finding));
        return byId;
    }
}
