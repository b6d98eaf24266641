package io.unpark.analysis.model;

import java.util.List;

/**
 * One route of one instance in one generation: the requests that ended in it.
 *
 * @param latency of the requests whose start was seen
 * @param split summed over them
 * @param edges outgoing calls by peer and route
 * @param roots what explains most of their time, the largest first, at most {@link #MAX_ROOTS}; how much of the whole, readers
 *     tell by {@code count} and {@code split}, over as many windows as they like
 * @param slowest those that were among the slowest of their minute so far, the slowest first
 */
public record RouteWindow(
        Instance instance,
        String capture,
        long generation,
        long startNs,
        long endNs,
        String route,
        long count,
        Histogram latency,
        TimeSplit split,
        List<Edge> edges,
        List<Root> roots,
        List<Slow> slowest) {
    /** Roots kept of one route in one generation. */
    public static final int MAX_ROOTS = 8;

    /** Slowest requests named of one route in one generation. */
    public static final int MAX_SLOWEST = 16;

    /**
     * Where the causal chains of requests end.
     *
     * @param reason wait reason, "" when it did not wait
     * @param place the user's line, or the innermost frame where there is none
     * @param peer who was called, when the root lies in annotated calls, else ""
     * @param requests whose chain ends there
     * @param ns of their time that it explains
     */
    public record Root(HopKind kind, String reason, Frame place, String peer, long requests, long ns) {}

    /** A slow request, and how long this service's part of it took. */
    public record Slow(String requestId, long durationNs) {}

    /**
     * Calls to one peer.
     *
     * @param withDeadline of {@code count}, how many sent a deadline
     */
    public record Edge(String peer, String route, long count, long withDeadline) {}

    public RouteWindow {
        edges = List.copyOf(edges);
        roots = List.copyOf(roots);
        slowest = List.copyOf(slowest);
    }

    /** A window whose requests' roots are not known. */
    public RouteWindow(
            Instance instance,
            String capture,
            long generation,
            long startNs,
            long endNs,
            String route,
            long count,
            Histogram latency,
            TimeSplit split,
            List<Edge> edges) {
        this(instance, capture, generation, startNs, endNs, route, count, latency, split, edges, List.of(), List.of());
    }
}
