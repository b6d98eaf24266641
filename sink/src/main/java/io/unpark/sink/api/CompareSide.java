package io.unpark.sink.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.unpark.analysis.json.UtcTime;
import io.unpark.sink.store.VersionSeen;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * One of the two that are compared: a version over the time in which it was seen, or a time.
 *
 * @param sinceNs from here on, and {@code untilNs} up to here: event time, nanoseconds since 1970 UTC
 * @param instances names of the version's processes as far as they are known
 */
record CompareSide(Optional<String> version, long sinceNs, long untilNs, SortedSet<String> instances) {
    /** As many names as an anomaly tells of; with more it may be in any. */
    private static final int NAMES_TOLD = 20;

    static CompareSide of(long sinceNs, long untilNs) {
        return new CompareSide(Optional.empty(), sinceNs, untilNs, new TreeSet<>());
    }

    static CompareSide of(VersionSeen version) {
        return new CompareSide(
                Optional.of(version.version()), version.firstNs(), version.lastNs(), version.instances());
    }

    /** Whether an anomaly was seen there, as far as its first and last time and the names of its instances tell. */
    boolean has(JsonNode anomaly, long firstNs, long lastNs) {
        return firstNs < untilNs && lastNs >= sinceNs && (instances.isEmpty() || ran(anomaly));
    }

    private boolean ran(JsonNode anomaly) {
        JsonNode names = anomaly.path("evidence").path("instance_names");
        if (instances.contains(anomaly.path("instance").asText())) {
            return true;
        }
        for (JsonNode name : names) {
            if (instances.contains(name.asText())) {
                return true;
            }
        }
        return names.size() >= NAMES_TOLD;
    }

    /** Windows that end before it; the last one of a version ends with it. */
    long windowsUntilNs() {
        return version.isPresent() ? untilNs + 1 : untilNs;
    }

    boolean overlaps(CompareSide other) {
        return sinceNs < other.untilNs && other.sinceNs < untilNs;
    }

    ObjectNode json() {
        ObjectNode json = Answers.JSON.createObjectNode();
        version.ifPresent(name -> json.put("version", name));
        return json.put("since", UtcTime.text(sinceNs)).put("until", UtcTime.text(untilNs));
    }
}
