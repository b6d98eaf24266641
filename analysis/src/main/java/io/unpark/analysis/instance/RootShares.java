package io.unpark.analysis.instance;

import io.unpark.analysis.model.Frame;
import io.unpark.analysis.model.HopKind;
import io.unpark.analysis.model.PathHop;
import io.unpark.analysis.model.RequestPath;
import io.unpark.analysis.model.RequestSegment;
import io.unpark.analysis.model.RouteWindow;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What the requests that ended in one generation have in common: how many of a route have the same root, and how much of
 * their time it explains.
 */
final class RootShares {
    private static final Comparator<Key> BY_NAME =
            Comparator.comparing(Key::function).thenComparing(Key::kind).thenComparing(Key::reason);

    record Key(HopKind kind, String reason, String function) {}

    private static final class Sum {
        Frame place = PathHop.NOWHERE;
        long requests;
        long ns;
    }

    private static final class Route {
        final TreeMap<Key, Sum> roots = new TreeMap<>(BY_NAME);
        long requests;
        long ns;
    }

    private final Map<String, Route> byRoute = new HashMap<>();

    RootShares(List<RequestSegment> segments) {
        segments.stream().filter(s -> !s.endTruncated()).forEach(this::count);
    }

    private void count(RequestSegment segment) {
        Route route = byRoute.computeIfAbsent(segment.route(), name -> new Route());
        route.requests++;
        route.ns += segment.endNs() - segment.startNs();
        int root = segment.path().root();
        if (root < 0) {
            return;
        }
        PathHop hop = segment.path().hops().get(root);
        Frame place = segment.path().placeOf(root);
        Sum sum = route.roots.computeIfAbsent(key(hop, place), key -> new Sum());
        sum.place = first(sum.place, place);
        sum.requests++;
        sum.ns += segment.path().totals()[root];
    }

    /** Of lines of one function the first, whatever the order. */
    private static Frame first(Frame a, Frame b) {
        boolean none = a.function().isEmpty();
        return none || b.line() < a.line() ? b : a;
    }

    private static Key key(PathHop hop, Frame place) {
        return new Key(hop.kind(), hop.reason(), place.function());
    }

    /** The segment with the share of its root in its route. */
    RequestSegment shared(RequestSegment segment) {
        Route route = byRoute.get(segment.route());
        int root = segment.path().root();
        if (route == null || root < 0) {
            return segment;
        }
        Sum sum = route.roots.get(
                key(segment.path().hops().get(root), segment.path().placeOf(root)));
        if (sum == null) {
            return segment;
        }
        return segment.withPath(
                segment.path().with(new RequestPath.RootShare(sum.requests, route.requests, sum.ns, route.ns)));
    }

    /** The roots that explain most of a route's time, the largest first. */
    List<RouteWindow.Root> of(String route) {
        Route found = byRoute.get(route);
        if (found == null) {
            return List.of();
        }
        List<RouteWindow.Root> roots = new ArrayList<>();
        found.roots.forEach((key, sum) ->
                roots.add(new RouteWindow.Root(key.kind(), key.reason(), sum.place, sum.requests, sum.ns)));
        roots.sort(Comparator.comparingLong(RouteWindow.Root::ns).reversed());
        return roots.subList(0, Math.min(RouteWindow.MAX_ROOTS, roots.size()));
    }
}
