package io.unpark.streams;

import io.unpark.analysis.request.RequestSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The sets of a task's requests that something came for lately, on the heap in front of the store: the parts of a request come within
 * seconds. Nothing is only here: a set that is not here is read from the store, which holds the same. Bounded by the bytes of the segments;
 * the set goes that was used least recently.
 */
final class RecentRequests {
    /** As segments lie in the store; on the heap they take three to four times as much. */
    private static final long MAX_BYTES = 4L << 20;

    private static final int ENTRY_BYTES = 512;

    private final long maxBytes;
    private final Map<String, Entry> recent = new LinkedHashMap<>(16, 0.75f, true);
    private long bytes;

    private record Entry(RequestSet set, long bytes) {}

    RecentRequests() {
        this(MAX_BYTES);
    }

    RecentRequests(long maxBytes) {
        this.maxBytes = maxBytes;
    }

    Optional<RequestSet> find(String requestId) {
        return Optional.ofNullable(recent.get(requestId)).map(Entry::set);
    }

    /** Takes in a set after a segment of so many bytes was put for it. */
    void keep(String requestId, RequestSet set, int addedBytes) {
        Entry before = recent.get(requestId);
        Entry after = new Entry(set, addedBytes + (before == null ? ENTRY_BYTES : before.bytes()));
        recent.put(requestId, after);
        bytes += after.bytes() - (before == null ? 0 : before.bytes());
        Iterator<Entry> eldest = recent.values().iterator();
        while (bytes > maxBytes && eldest.hasNext()) {
            bytes -= eldest.next().bytes();
            eldest.remove();
        }
    }

    /** Forgets a set that may differ from what is stored. */
    void drop(String requestId) {
        Entry dropped = recent.remove(requestId);
        bytes -= dropped == null ? 0 : dropped.bytes();
    }

    void clear() {
        recent.clear();
        bytes = 0;
    }
}
