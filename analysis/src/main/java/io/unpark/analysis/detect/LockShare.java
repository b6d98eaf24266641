package io.unpark.analysis.detect;

import io.unpark.analysis.model.CauseStep;
import io.unpark.analysis.model.Evidence;
import io.unpark.analysis.model.Frame;
import io.unpark.analysis.model.HopKind;
import io.unpark.analysis.model.PathHop;
import io.unpark.analysis.model.RequestSegment;
import io.unpark.analysis.request.CausalChain;
import java.util.List;

/**
 * What one lock explains of the requests that ended in a generation: those on whose critical path it lies, directly or because
 * they waited for somebody who waited for it.
 *
 * @param cause why the one that waited longest did, to the root; empty when none did
 */
record LockShare(long requests, long ofRequests, long ns, long ofNs, List<CauseStep> cause) {

    static LockShare of(Frame line, List<RequestSegment> ended) {
        long requests = 0;
        long ns = 0;
        long ofNs = 0;
        long mostNs = 0;
        RequestSegment worst = null;
        for (RequestSegment segment : ended) {
            long own = waitedNs(segment, line);
            requests += own > 0 ? 1 : 0;
            ns += own;
            ofNs += segment.endNs() - segment.startNs();
            if (own > mostNs) {
                mostNs = own;
                worst = segment;
            }
        }
        List<CauseStep> cause = worst == null ? List.of() : CausalChain.ofWait(worst, "sync", line);
        return new LockShare(requests, ended.size(), ns, ofNs, cause);
    }

    private static long waitedNs(RequestSegment segment, Frame line) {
        List<PathHop> hops = segment.path().hops();
        long[] totals = segment.path().totals();
        long ns = 0;
        for (int i = 0; i < totals.length; i++) {
            boolean counted =
                    hops.get(i).parent() >= 0 && isAt(hops.get(hops.get(i).parent()), line);
            ns += isAt(hops.get(i), line) && !counted ? totals[i] : 0;
        }
        return ns;
    }

    private static boolean isAt(PathHop hop, Frame line) {
        return hop.kind() == HopKind.WAITING
                && hop.reason().equals("sync")
                && hop.line().equals(line);
    }

    void addTo(Evidence.Builder evidence) {
        if (requests > 0) {
            evidence.put("explains_requests", requests)
                    .put("explains_of_requests", ofRequests)
                    .put("explains_request_time_permille", ns * 1_000 / Math.max(1, ofNs));
        }
    }

    /** As the end of a summary; "" when no request waited for it. */
    String sentence() {
        return requests == 0
                ? ""
                : " It is in the way of %d of %d requests, and explains %d %% of their time."
                        .formatted(requests, ofRequests, ns * 100 / Math.max(1, ofNs));
    }
}
