package io.unpark.ingest.discovery;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Addresses with common labels, as Prometheus's discovery files have them.
 *
 * @param targets {@code host:port} each
 * @param labels by name
 */
public record TargetGroup(List<String> targets, Map<String, String> labels) {
    public TargetGroup {
        targets = List.copyOf(targets);
        labels = Collections.unmodifiableMap(new TreeMap<>(labels));
    }
}
