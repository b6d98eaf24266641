package io.unpark.ingest.capture;

import java.util.LinkedHashMap;
import java.util.Map;

/** What pushes tell beside their traces: who is there, and what agents had to drop. Not thread-safe: the desk's lock guards it. */
final class PushLog {
    private final int maxInstances;
    /** What each said last, the least recently heard first. */
    private final Map<AgentKey, Seen> instances = new LinkedHashMap<>(16, 0.75f, true);

    private long dropped;

    private record Seen(long pushedNs, long dropped) {}

    PushLog(int maxInstances) {
        this.maxInstances = maxInstances;
    }

    /** @param droppedSoFar generations, since the agent began; below what it said before, it has begun anew */
    void pushed(AgentKey instance, long droppedSoFar, long nowNs) {
        Seen before = instances.get(instance);
        long known = before == null || droppedSoFar < before.dropped ? 0 : before.dropped;
        dropped += droppedSoFar - known;
        instances.put(instance, new Seen(nowNs, droppedSoFar));
        if (instances.size() > maxInstances) {
            instances.remove(instances.keySet().iterator().next());
        }
    }

    /** Generations that agents say they dropped, since the start. */
    long dropped() {
        return dropped;
    }

    /** How many instances that a wish is about have pushed since. */
    long pushing(CaptureWish wish, long sinceNs) {
        return instances.entrySet().stream()
                .filter(entry -> wish.names(entry.getKey()) && entry.getValue().pushedNs >= sinceNs)
                .count();
    }
}
