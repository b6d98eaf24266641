package io.unpark.analysis.model;

import java.util.List;

/**
 * One route of one instance in one generation: the requests that ended in it.
 *
 * @param latency of the requests whose start was seen
 * @param split summed over them
 * @param edges outgoing calls by peer and route
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
        List<Edge> edges) {
    /**
     * Calls to one peer.
     *
     * @param withDeadline of {@code count}, how many sent a deadline
     */
    public record Edge(String peer, String route, long count, long withDeadline) {}

    public RouteWindow {
        edges = List.copyOf(edges);
    }
}
