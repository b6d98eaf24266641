package io.unpark.sink.store;

import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * Windows of routes as one.
 *
 * @param sum with the names of a window of the API: count, latency, split, edges, roots, slowest
 * @param edges how many edges there were before the largest were chosen
 * @param documents how many windows were read
 * @param truncated there were more windows than may be read: the oldest are not in it
 */
public record RouteTotals(ObjectNode sum, int edges, int documents, boolean truncated) {}
