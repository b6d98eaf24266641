package io.unpark.app.analyze;

import io.unpark.analysis.model.RequestSegment;
import io.unpark.analysis.request.CausalChain;
import io.unpark.analysis.request.RequestRules;
import io.unpark.analysis.request.RequestSet;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The requests met in all inputs, so that one of them can be shown whole. Those met first are let go at a limit. */
public final class RequestShelf {
    /** Requests held; one takes some kilobytes. */
    static final int MAX_REQUESTS = 50_000;

    private final RequestRules rules;
    private final LinkedHashMap<String, RequestSet> byId = new LinkedHashMap<>();
    private long letGo;

    RequestShelf(RequestRules rules) {
        this.rules = rules;
    }

    void take(RequestSegment segment) {
        byId.computeIfAbsent(segment.requestId(), id -> new RequestSet(rules)).add(segment);
        if (byId.size() > MAX_REQUESTS) {
            byId.remove(byId.keySet().iterator().next());
            letGo++;
        }
    }

    /** The ids that are the one asked for, or else begin or end with it. */
    public List<String> matching(String asked) {
        if (byId.containsKey(asked)) {
            return List.of(asked);
        }
        return byId.keySet().stream()
                .filter(id -> id.startsWith(asked) || id.endsWith(asked))
                .toList();
    }

    /** The segments of a request that is held. */
    public Collection<RequestSegment> segments(String id) {
        return byId.get(id).segments();
    }

    /** The ids of the longest requests, the longest first. */
    public List<String> longest(int most) {
        List<Map.Entry<String, RequestSet>> all = new ArrayList<>(byId.entrySet());
        all.sort(Comparator.comparingLong((Map.Entry<String, RequestSet> e) -> -length(e.getValue()))
                .thenComparing(Map.Entry::getKey));
        return all.stream().limit(most).map(Map.Entry::getKey).toList();
    }

    private static long length(RequestSet set) {
        RequestSegment first = CausalChain.first(set.segments());
        return first.endNs() - first.startNs();
    }

    /** Of one request, such as {@code 7da90bf5… GET /work 214 ms}. */
    public String describe(String id) {
        RequestSegment first = CausalChain.first(byId.get(id).segments());
        return id + "  " + first.instance().service() + " "
                + (first.route().isEmpty() ? "(no route)" : first.route()) + "  "
                + (first.endNs() - first.startNs()) / 1_000_000 + " ms";
    }

    public int size() {
        return byId.size();
    }

    /** Requests that were let go because there were too many. */
    public long letGo() {
        return letGo;
    }
}
