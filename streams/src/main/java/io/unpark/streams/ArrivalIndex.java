package io.unpark.streams;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * When each id of a task was last heard of, by the wall clock and rounded down to a bucket, so that what is silent for
 * too long can be found without reading the rest, and an id that keeps coming costs a write a bucket and not one each time.
 * Wall time, because stream time would let one fast clock evict everybody; coarse, because it only decides evictions.
 */
final class ArrivalIndex {
    private static final String BY_ID = "i";
    private static final String BY_BUCKET = "b";
    private static final int BUCKET_DIGITS = 16;

    private final KeyValueStore<String, Long> store;
    private final long bucketMs;
    private long size;

    /** @param store two entries an id; a restored one is counted here */
    ArrivalIndex(KeyValueStore<String, Long> store, long bucketMs) {
        this.store = store;
        this.bucketMs = bucketMs;
        try (KeyValueIterator<String, Long> ids = store.range(BY_ID, after(BY_ID))) {
            while (ids.hasNext()) {
                ids.next();
                size++;
            }
        }
    }

    /** How many ids are known. */
    long size() {
        return size;
    }

    /** Whether the id is known; free while none is. */
    boolean knows(String id) {
        return size > 0 && store.get(BY_ID + id) != null;
    }

    void touch(String id, long nowMs) {
        long bucket = nowMs / bucketMs;
        Long before = store.get(BY_ID + id);
        if (before != null && before >= bucket) {
            return;
        }
        if (before == null) {
            size++;
        } else {
            store.delete(bucketKey(before, id));
        }
        store.put(BY_ID + id, bucket);
        store.put(bucketKey(bucket, id), bucket);
    }

    void remove(String id) {
        Long bucket = store.delete(BY_ID + id);
        if (bucket != null) {
            store.delete(bucketKey(bucket, id));
            size--;
        }
    }

    /** At most {@code limit} ids that were last heard of before {@code untilMs}, or up to a bucket later; longest ago first. */
    List<String> silentSince(long untilMs, int limit) {
        return oldest(bucketKey(Math.max(0, untilMs / bucketMs - 1), ""), limit);
    }

    /** At most {@code limit} ids, those first that were last heard of longest ago. */
    List<String> oldest(int limit) {
        return oldest(after(BY_BUCKET), limit);
    }

    private List<String> oldest(String to, int limit) {
        List<String> ids = new ArrayList<>();
        try (KeyValueIterator<String, Long> entries = store.range(BY_BUCKET, to)) {
            while (entries.hasNext() && ids.size() < limit) {
                KeyValue<String, Long> entry = entries.next();
                ids.add(entry.key.substring(BY_BUCKET.length() + BUCKET_DIGITS));
            }
        }
        return ids;
    }

    private static String bucketKey(long bucket, String id) {
        return BY_BUCKET + HexFormat.of().toHexDigits(bucket, BUCKET_DIGITS) + id;
    }

    private static String after(String prefix) {
        return Character.toString(prefix.charAt(0) + 1);
    }
}
