package io.unpark.app.analyze;

import io.unpark.analysis.fault.DetectorFaults;
import io.unpark.analysis.model.Finding;
import io.unpark.analysis.model.RequestSegment;
import io.unpark.analysis.request.JoinDetector;
import io.unpark.analysis.request.RequestRules;
import io.unpark.analysis.request.RequestSet;
import java.util.LinkedHashMap;
import java.util.List;

/**
 * Segments to requests, over all files. As in the pipeline, the requests that were silent longest are let go at a limit: what
 * was said of them stands, but a part of them that comes later is judged alone.
 */
final class Requests {
    /** Requests held; one takes some kilobytes. */
    static final int MAX_REQUESTS = 50_000;

    private final RequestRules rules;
    private final DetectorFaults faults;
    private final LinkedHashMap<String, RequestSet> sets = new LinkedHashMap<>(16, 0.75f, true);
    private long letGo;

    Requests(RequestRules rules, DetectorFaults faults) {
        this.rules = rules;
        this.faults = faults;
    }

    /** What changes by a segment: judgements that are new, revised or taken back. */
    List<Finding> take(RequestSegment segment) {
        RequestSet set =
                sets.computeIfAbsent(segment.requestId(), id -> new RequestSet(rules, JoinDetector.STANDARD, faults));
        List<Finding> changes = set.change(segment);
        if (sets.size() > MAX_REQUESTS) {
            sets.remove(sets.keySet().iterator().next());
            letGo++;
        }
        return changes;
    }

    /** Lets go of requests that no other file can have a part of, by the beginning of their ids. */
    void forget(String prefix) {
        sets.keySet().removeIf(id -> id.startsWith(prefix));
    }

    /** Requests that were let go because there were too many. */
    long letGo() {
        return letGo;
    }
}
