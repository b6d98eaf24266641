package io.unpark.sink.store;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.SortedMap;

/**
 * Windows of a service as one.
 *
 * @param runtime of its processes, with the names of a window of the API; only what is counted, levels are not comparable
 * @param routes by route: count, latency and split
 * @param truncated there were more windows than may be read: the oldest are not in it
 */
public record ServiceTotals(ObjectNode runtime, SortedMap<String, ObjectNode> routes, boolean truncated) {}
