package io.unpark.ingest.capture;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * What was captured on demand since the start. For the status and the metrics.
 *
 * @param agents that asked for work lately
 * @param open captures that are not done
 * @param asked captures begun because an operator wanted them
 * @param askedByAnomalies captures begun because of an anomaly
 * @param generations that came because of either
 * @param droppedByAgents generations that agents say they had to drop
 * @param refused wishes that were not granted, by reason
 */
public record CaptureStatus(
        int agents,
        int open,
        long asked,
        long askedByAnomalies,
        long generations,
        long droppedByAgents,
        Map<String, Long> refused) {
    public CaptureStatus {
        refused = Collections.unmodifiableSortedMap(new TreeMap<>(refused));
    }
}
