package io.unpark.analysis.request;

import io.unpark.analysis.model.CauseStep;
import io.unpark.analysis.model.Frame;
import io.unpark.analysis.model.PathHop;
import io.unpark.analysis.model.RequestSegment;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/**
 * The critical path of a request over all services whose segments are there: the path of one service, and in place of what
 * it waited for a call, the path of the one that was called. Only lengths are compared, each taken on one clock: how far two
 * clocks are apart does not matter, and where in the wait the callee's work lay is not claimed. The hops' own nanoseconds add
 * up to the segment's wall time.
 */
public final class CausalChain {
    /** Services below each other. */
    private static final int MAX_SERVICES = 8;

    private static final int MAX_NODES = 1_024;
    private static final Comparator<Node> LARGEST_FIRST =
            Comparator.comparingLong((Node node) -> node.total).reversed();

    private static final class Node {
        final RequestSegment segment;
        final PathHop hop;
        String what;
        final List<Node> below = new ArrayList<>();
        long ns;
        long total;

        Node(RequestSegment segment, PathHop hop, String what) {
            this.segment = segment;
            this.hop = hop;
            this.what = what;
        }

        long sum() {
            total = ns;
            for (Node node : below) {
                total += node.sum();
            }
            below.sort(LARGEST_FIRST);
            return total;
        }
    }

    private final CalleeIndex callees;
    private final CalleesById calleesById;
    private final Set<SegmentKey> path = new HashSet<>();
    private int made;

    private CausalChain(Collection<RequestSegment> segments) {
        this.callees = new CalleeIndex(segments);
        this.calleesById = new CalleesById(segments);
    }

    /**
     * The chain of one segment, from the symptom downwards, the largest first at each depth.
     *
     * @param segments of one request, one revision of each
     * @return empty when its path is not known
     */
    public static List<ChainHop> of(RequestSegment segment, Collection<RequestSegment> segments) {
        List<Node> top = new CausalChain(segments).nodes(segment, segment.endNs() - segment.startNs(), 0);
        List<ChainHop> hops = new ArrayList<>();
        top.forEach(Node::sum);
        top.sort(LARGEST_FIRST);
        top.forEach(node -> flatten(node, 0, hops));
        return hops;
    }

    /** The segment that the request is known by: of those that no other here has called, the earliest, then the longest. */
    public static RequestSegment first(Collection<RequestSegment> segments) {
        Set<String> spans = new HashSet<>();
        segments.forEach(s -> s.calls().forEach(call -> spans.add(call.spanId())));
        return segments.stream()
                .min(Comparator.comparing((RequestSegment s) -> spans.contains(s.parentSpanId()))
                        .thenComparingLong(RequestSegment::startNs)
                        .thenComparing(s -> s.startNs() - s.endNs())
                        .thenComparing(SegmentKey::of))
                .orElseThrow();
    }

    /** The chain of one segment, as findings carry it. */
    public static List<CauseStep> stepsOf(RequestSegment segment, Collection<RequestSegment> segments) {
        return ChainSteps.of(of(segment, segments), segment.endNs() - segment.startNs());
    }

    /** The chain of a whole request, as findings carry it. */
    public static List<CauseStep> ofRequest(Collection<RequestSegment> segments) {
        RequestSegment first = first(segments);
        return stepsOf(first, segments);
    }

    /**
     * The part of a segment's own chain that explains its waits at one place, the wait itself first.
     *
     * @return empty when there is no such wait in its path
     */
    public static List<CauseStep> ofWait(RequestSegment segment, String reason, Frame line) {
        List<ChainHop> chain = of(segment, List.of(segment));
        List<ChainHop> part = new ArrayList<>();
        for (ChainHop hop : chain) {
            boolean begins = hop.depth() == 0
                    && hop.hop().reason().equals(reason)
                    && hop.hop().line().equals(line);
            boolean goesOn = hop.depth() > 0 && !part.isEmpty();
            if (part.isEmpty() ? begins : goesOn) {
                part.add(hop);
            } else if (!part.isEmpty()) {
                break;
            }
        }
        return part.isEmpty() ? List.of() : ChainSteps.of(part, part.get(0).totalNs());
    }

    private static void flatten(Node node, int depth, List<ChainHop> hops) {
        if (node.total == 0) {
            return;
        }
        hops.add(new ChainHop(depth, node.segment, node.hop, node.ns, node.total, node.what));
        node.below.forEach(below -> flatten(below, depth + 1, hops));
    }

    /** The path of a segment, shrunk to {@code ns} when the caller waited for less than its length. */
    private List<Node> nodes(RequestSegment segment, long ns, int services) {
        path.add(SegmentKey.of(segment));
        List<PathHop> hops = segment.path().hops();
        long[] own = Shares.shrink(hops.stream().mapToLong(PathHop::ns).toArray(), ns);
        List<Node> all = new ArrayList<>(hops.size());
        List<Node> top = new ArrayList<>();
        for (int i = 0; i < hops.size(); i++) {
            PathHop hop = hops.get(i);
            Node parent = hop.parent() < 0 ? null : all.get(hop.parent());
            Node node = new Node(segment, hop, Phrases.of(hop, parent == null ? null : parent.hop, services));
            node.ns = own[i];
            all.add(node);
            (parent == null ? top : parent.below).add(node);
        }
        made += all.size();
        followCalls(all, services);
        followIds(segment, all, services);
        path.remove(SegmentKey.of(segment));
        return top;
    }

    /** What was waited for a call is what the callee did, as far as that goes; the rest is network or queueing. */
    private void followCalls(List<Node> nodes, int services) {
        Set<String> spans = new HashSet<>();
        for (Node node : List.copyOf(nodes)) {
            String span = node.hop.span();
            if (!span.isEmpty() && spans.add(span) && services < MAX_SERVICES && made < MAX_NODES) {
                callees.calledBy(node.segment, span)
                        .filter(callee -> !path.contains(SegmentKey.of(callee)))
                        .filter(callee -> !callee.path().hops().isEmpty())
                        .ifPresent(callee ->
                                explain(waitsBelow(nodes, hop -> hop.span().equals(span)), callee, services));
            }
        }
    }

    /** As above, where no call is annotated. */
    private void followIds(RequestSegment segment, List<Node> nodes, int services) {
        for (CalleesById.Answer answer : calleesById.of(segment)) {
            RequestSegment callee = answer.callee();
            boolean mayFollow = services < MAX_SERVICES
                    && made < MAX_NODES
                    && !path.contains(SegmentKey.of(callee))
                    && !callee.path().hops().isEmpty();
            if (mayFollow) {
                explain(waitsBelow(nodes, answer::isAt), callee, services);
            }
        }
    }

    private void explain(List<Node> waits, RequestSegment callee, int services) {
        long left = Math.max(0, callee.endNs() - callee.startNs());
        for (Node wait : waits) {
            long explained = Math.min(left, wait.ns);
            if (explained <= 0) {
                break;
            }
            left -= explained;
            wait.ns -= explained;
            String rest = "; what its callee does not explain is network or queueing";
            wait.what += wait.what.endsWith(rest) ? "" : rest;
            wait.below.addAll(nodes(callee, explained, services + 1));
        }
    }

    /** Below the call, those that nothing else explains, the longest first. */
    private static List<Node> waitsBelow(List<Node> nodes, Predicate<PathHop> isCall) {
        List<Node> waits = new ArrayList<>();
        for (Node node : nodes) {
            if (isCall.test(node.hop)) {
                collectWaits(node, waits);
            }
        }
        waits.sort(Comparator.comparingLong((Node node) -> node.ns).reversed());
        return waits;
    }

    private static void collectWaits(Node node, List<Node> waits) {
        if (Phrases.mayBeNetwork(node.hop) && node.ns > 0 && !waits.contains(node)) {
            waits.add(node);
        }
        node.below.forEach(below -> collectWaits(below, waits));
    }

    /**
     * Where a chain ends.
     *
     * @param hop the last of the heaviest branch that explains at least half of the one above
     * @param place the user's line nearest to it in the same service; its innermost frame where there is none
     */
    record Root(ChainHop hop, Frame place) {}

    /** Null for an empty chain. */
    static Root root(List<ChainHop> chain) {
        ChainHop root = null;
        Frame line = PathHop.NOWHERE;
        for (ChainHop hop : chain) {
            boolean below = root == null || hop.depth() == root.depth() + 1;
            // The heaviest comes first at each depth, and right after the one above.
            if (!below || root != null && hop.totalNs() * 2 < root.totalNs()) {
                break;
            }
            boolean sameService = root != null && root.segment() == hop.segment();
            Frame own = hop.hop().line();
            line = own.function().isEmpty() && sameService ? line : own;
            root = hop;
        }
        return root == null
                ? null
                : new Root(root, line.function().isEmpty() ? root.hop().at() : line);
    }
}
