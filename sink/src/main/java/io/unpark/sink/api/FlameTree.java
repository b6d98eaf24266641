package io.unpark.sink.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.unpark.analysis.model.Frame;
import io.unpark.analysis.model.Stack;
import io.unpark.sink.store.StackTaker;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Stacks as a tree of bounded size, the outermost function at the root, of one selection or of two that are compared. Waits end
 * in their reason.
 */
final class FlameTree {
    /** Selects what is within requests of any route. */
    static final String ANY_ROUTE = "*";

    /** Nodes while it grows, and in an answer. */
    private static final int NODES_MAX = 200_000;

    private static final int ANSWERED_MAX = 2_000;
    private static final int FRAMES_MAX = 200;
    private static final int ROUTES_MAX = 1_000;
    private static final int ROUTES_ANSWERED_MAX = 100;

    /** What goes with one of both selections. */
    private static final class Side {
        long coveredNs;
        long otherNs;
    }

    private final FlameKind kind;
    private final Optional<String> route;
    private final FlameNode root = new FlameNode("all", false);
    private final Map<String, Long> routes = new HashMap<>();
    private final Side side = new Side();
    private final Side against = new Side();
    private int nodes = 1;

    /** @param route only this one's; {@link #ANY_ROUTE}: within requests; empty: all there is */
    FlameTree(FlameKind kind, Optional<String> route) {
        this.kind = kind;
        this.route = route;
    }

    /** Adds to what is shown. */
    StackTaker shown() {
        return new Taker(false);
    }

    /** Adds to what that is compared with. */
    StackTaker against() {
        return new Taker(true);
    }

    private final class Taker implements StackTaker {
        private final boolean isAgainst;

        Taker(boolean isAgainst) {
            this.isAgainst = isAgainst;
        }

        @Override
        public void entry(String entryRoute, String reason, Stack stack, long count, long blockedNs) {
            if (!kind.takes(reason)) {
                return;
            }
            long ns = kind.ns(count, blockedNs);
            if (!isAgainst && (routes.containsKey(entryRoute) || routes.size() < ROUTES_MAX)) {
                routes.merge(entryRoute, ns, FlameNode::sum);
            }
            if (takes(entryRoute)) {
                add(isAgainst, stack.frames(), kind == FlameKind.BLOCKED ? reason : "", count, ns);
            }
        }

        @Override
        public void rest(long coveredNs, long otherNs, long otherSamples) {
            Side it = isAgainst ? against : side;
            it.coveredNs = FlameNode.sum(it.coveredNs, coveredNs);
            it.otherNs = FlameNode.sum(it.otherNs, kind == FlameKind.CPU ? kind.ns(otherSamples, 0) : otherNs);
        }
    }

    private boolean takes(String entryRoute) {
        return route.map(asked -> asked.equals(ANY_ROUTE) ? !entryRoute.isEmpty() : asked.equals(entryRoute))
                .orElse(true);
    }

    /** Adds one stack. @param frames innermost first; {@code reason} empty for none */
    void add(boolean isAgainst, List<Frame> frames, String reason, long count, long ns) {
        root.add(isAgainst, count, ns);
        FlameNode at = root;
        for (int i = frames.size() - 1; i >= Math.max(0, frames.size() - FRAMES_MAX); i--) {
            Frame frame = frames.get(i);
            FlameNode child = child(at, frame.function(), false);
            if (child == null) {
                return;
            }
            child.add(isAgainst, count, ns);
            child.at(frame, ns);
            at = child;
        }
        FlameNode end = reason.isEmpty() ? null : child(at, reason, true);
        if (end != null) {
            end.add(isAgainst, count, ns);
        }
    }

    /** Null when there are too many. */
    private FlameNode child(FlameNode at, String name, boolean reason) {
        FlameNode known = at.child(name, reason);
        if (known == null && nodes < NODES_MAX) {
            nodes++;
            known = new FlameNode(name, reason);
            at.add(known);
        }
        return known;
    }

    boolean isEmpty() {
        return root.largestNs() == 0;
    }

    /** Adds the tree and its sums to an answer. */
    void addTo(ObjectNode body, boolean differential) {
        body.put("kind", kind.text());
        route.ifPresent(it -> body.put("route", it));
        body.put("total_ns", root.ns()).put("count", root.count());
        body.put("covered_ns", side.coveredNs).put("other_ns", side.otherNs);
        if (differential) {
            body.withObject("/against")
                    .put("total_ns", root.againstNs())
                    .put("covered_ns", against.coveredNs)
                    .put("other_ns", against.otherNs);
        }
        ArrayNode list = body.putArray("routes");
        routes.entrySet().stream()
                .filter(entry -> !entry.getKey().isEmpty())
                .sorted(Map.Entry.<String, Long>comparingByValue().reversed().thenComparing(Map.Entry.comparingByKey()))
                .limit(ROUTES_ANSWERED_MAX)
                .forEach(entry -> list.addObject().put("route", entry.getKey()).put("ns", entry.getValue()));
        body.set("tree", root.json(differential, limitNs()));
    }

    /** Nodes above it are at most {@link #ANSWERED_MAX}; those of no time at all are never shown. */
    private long limitNs() {
        if (nodes <= ANSWERED_MAX) {
            return 0;
        }
        long[] all = new long[nodes];
        fill(root, all, 0);
        Arrays.sort(all);
        return all[all.length - ANSWERED_MAX - 1];
    }

    private static int fill(FlameNode node, long[] all, int from) {
        int next = from;
        all[next++] = node.largestNs();
        for (FlameNode child : node.children()) {
            next = fill(child, all, next);
        }
        return next;
    }
}
