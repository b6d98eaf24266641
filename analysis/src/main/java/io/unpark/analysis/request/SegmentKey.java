package io.unpark.analysis.request;

import io.unpark.analysis.model.Ids;
import io.unpark.analysis.model.RequestSegment;
import java.util.Comparator;

/** What tells the segments of one request apart. */
record SegmentKey(String subject, String segmentId) implements Comparable<SegmentKey> {
    private static final Comparator<SegmentKey> ORDER =
            Comparator.comparing(SegmentKey::subject).thenComparing(SegmentKey::segmentId);

    static SegmentKey of(RequestSegment segment) {
        return new SegmentKey(Ids.subject(segment.instance()), segment.segmentId());
    }

    @Override
    public int compareTo(SegmentKey other) {
        return ORDER.compare(this, other);
    }
}
