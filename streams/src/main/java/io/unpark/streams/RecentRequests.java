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
    /** About what is said of a request, which is kept with it. */
    private static final int FINDING_BYTES = 4 << 10;

    private final long maxBytes;
    /** The least recently used first: what is used is taken out and put in again. */
    private final Map<String, Entry> recent = new LinkedHashMap<>();

    private long bytes;

    /** @param bytes of its segments, as they lie in the store */
    record Held(RequestSet set, long bytes) {}

    private record Entry(Held held, long bytes) {}

    RecentRequests() {
        this(MAX_BYTES);
    }

    RecentRequests(long maxBytes) {
        this.maxBytes = maxBytes;
    }

    /** Takes a set out, so that one whose change fails is not here any more. */
    Optional<Held> take(String requestId) {
        Entry taken = recent.remove(requestId);
        if (taken == null) {
            return Optional.empty();
        }
        bytes -= taken.bytes();
        return Optional.of(taken.held());
    }

    /** Keeps a set whose segments are all stored. */
    void keep(String requestId, Held held) {
        take(requestId);
        long findings = held.set().standing().size();
        Entry entry = new Entry(held, ENTRY_BYTES + held.bytes() + FINDING_BYTES * findings);
        recent.put(requestId, entry);
        bytes += entry.bytes();
        Iterator<Entry> eldest = recent.values().iterator();
        while (bytes > maxBytes && eldest.hasNext()) {
            bytes -= eldest.next().bytes();
            eldest.remove();
        }
    }

    void clear() {
        recent.clear();
        bytes = 0;
    }
}
