package io.unpark.analysis.request;

import io.unpark.analysis.model.Finding;
import io.unpark.analysis.model.RequestSegment;
import java.util.Collection;
import java.util.List;

/** Judges the segments of one request together; {@link RequestJoiner} is the one of this version. A pure function of the set. */
@FunctionalInterface
public interface JoinDetector {
    /** That of this version. */
    JoinDetector STANDARD = RequestJoiner::judge;

    /** The name under which its exceptions are counted. */
    String NAME = "request_joiner";

    /**
     * What stands about these segments, one finding for each subject and fingerprint, ordered by id.
     *
     * @param revision of the set, on every finding
     */
    List<Finding> judge(Collection<RequestSegment> segments, RequestRules rules, long revision);
}
