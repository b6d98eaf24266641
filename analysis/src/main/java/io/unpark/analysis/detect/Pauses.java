package io.unpark.analysis.detect;

import java.util.List;
import java.util.Map;

/**
 * How the world was stopped in a generation.
 *
 * @param longest the longest pauses, shortest first; not all of them
 * @param byKindNs nanoseconds stopped by kind, all pauses
 */
public record Pauses(List<Pause> longest, Map<String, Long> byKindNs) {
    public static final Pauses NONE = new Pauses(List.of(), Map.of());

    public Pauses {
        longest = List.copyOf(longest);
        byKindNs = Map.copyOf(byKindNs);
    }
}
