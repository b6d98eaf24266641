package io.unpark.analysis.instance;

import io.unpark.analysis.model.Frame;
import io.unpark.analysis.model.HopKind;
import io.unpark.analysis.model.OutgoingCall;
import io.unpark.analysis.model.PathHop;
import io.unpark.analysis.model.RequestPath;
import io.unpark.analysis.model.RequestPath.RootShare;
import io.unpark.analysis.model.RequestSegment;
import io.unpark.analysis.model.RouteWindow;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What the requests that ended in one generation have in common: how many of a route, and of all routes, have the same root, and
 * how much of their time it explains. Calls to one peer are one root, whoever makes them; else it is the function that counts.
 */
final class RootShares {
    private static final Comparator<Key> BY_NAME = Comparator.comparing(Key::function)
            .thenComparing(Key::peer)
            .thenComparing(Key::kind)
            .thenComparing(Key::reason);

    /** One of {@code function} and {@code peer} is "". */
    record Key(HopKind kind, String reason, String function, String peer) {}

    private static final class Sum {
        Frame place = PathHop.NOWHERE;
        long requests;
        long ns;
        long routes;
    }

    private static final class Group {
        final TreeMap<Key, Sum> roots = new TreeMap<>(BY_NAME);
        long requests;
        long ns;

        void count(Key key, Frame place, long rootNs) {
            Sum sum = roots.computeIfAbsent(key, k -> new Sum());
            sum.place = first(sum.place, place);
            sum.requests++;
            sum.ns += rootNs;
        }

        RootShare.Part part(Key key) {
            Sum sum = roots.get(key);
            return sum == null ? RootShare.Part.NONE : new RootShare.Part(sum.requests, requests, sum.ns, ns);
        }
    }

    private final Map<String, Group> byRoute = new HashMap<>();
    private final Group all = new Group();

    RootShares(List<RequestSegment> segments) {
        segments.stream().filter(s -> !s.endTruncated()).forEach(this::count);
        for (Group route : byRoute.values()) {
            route.roots.keySet().forEach(key -> all.roots.get(key).routes++);
        }
    }

    private void count(RequestSegment segment) {
        Group route = byRoute.computeIfAbsent(segment.route(), name -> new Group());
        int root = segment.path().root();
        for (Group group : List.of(route, all)) {
            group.requests++;
            group.ns += segment.endNs() - segment.startNs();
            if (root >= 0) {
                group.count(
                        key(segment, root),
                        segment.path().placeOf(root),
                        segment.path().totals()[root]);
            }
        }
    }

    /** Of lines of one function the first, whatever the order. */
    private static Frame first(Frame a, Frame b) {
        boolean none = a.function().isEmpty();
        boolean before =
                b.function().compareTo(a.function()) < 0 || b.function().equals(a.function()) && b.line() < a.line();
        return none || before ? b : a;
    }

    private static Key key(RequestSegment segment, int root) {
        PathHop hop = segment.path().hops().get(root);
        String peer = peer(segment, root);
        String function = peer.isEmpty() ? segment.path().placeOf(root).function() : "";
        return new Key(hop.kind(), hop.reason(), function, peer);
    }

    /** Whom the request called when its time passed there: the root lies in the call, or explains it. */
    private static String peer(RequestSegment segment, int root) {
        RequestPath path = segment.path();
        for (int at = root; at >= 0; at = path.hops().get(at).parent()) {
            String span = path.hops().get(at).span();
            if (!span.isEmpty()) {
                return segment.calls().stream()
                        .filter(call -> call.spanId().equals(span))
                        .map(OutgoingCall::peer)
                        .findFirst()
                        .orElse("");
            }
        }
        return "";
    }

    /** The segment with the share of its root. */
    RequestSegment shared(RequestSegment segment) {
        Group route = byRoute.get(segment.route());
        int root = segment.path().root();
        if (route == null || root < 0) {
            return segment;
        }
        Key key = key(segment, root);
        RootShare.Part ofRoute = route.part(key);
        if (ofRoute.equals(RootShare.Part.NONE)) {
            return segment;
        }
        long routes = all.roots.get(key).routes;
        RootShare share = new RootShare(ofRoute, all.part(key), routes, key.peer());
        return segment.withPath(segment.path().with(share));
    }

    /** The roots that explain most of a route's time, the largest first. */
    List<RouteWindow.Root> of(String route) {
        Group found = byRoute.get(route);
        if (found == null) {
            return List.of();
        }
        List<RouteWindow.Root> roots = new ArrayList<>();
        found.roots.forEach((key, sum) ->
                roots.add(new RouteWindow.Root(key.kind(), key.reason(), sum.place, key.peer(), sum.requests, sum.ns)));
        roots.sort(Comparator.comparingLong(RouteWindow.Root::ns).reversed());
        return roots.subList(0, Math.min(RouteWindow.MAX_ROOTS, roots.size()));
    }
}
