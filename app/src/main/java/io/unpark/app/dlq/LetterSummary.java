package io.unpark.app.dlq;

import java.util.Map;
import java.util.TreeMap;

/** What lies on one dead-letter topic. Not thread-safe. */
public final class LetterSummary {
    /** Reasons come from headers, which anybody may write. */
    private static final int MAX_REASONS = 50;

    private long count;
    private long bytes;
    private long oldestMs = Long.MAX_VALUE;
    private long newestMs = Long.MIN_VALUE;
    private final Map<String, Long> reasons = new TreeMap<>();

    public void add(Letter letter) {
        count++;
        bytes += letter.valueBytes();
        oldestMs = Math.min(oldestMs, letter.record().timestamp());
        newestMs = Math.max(newestMs, letter.record().timestamp());
        boolean known = reasons.size() < MAX_REASONS || reasons.containsKey(letter.reason());
        reasons.merge(known ? letter.reason() : "other", 1L, Long::sum);
    }

    public long count() {
        return count;
    }

    /** Of the values. */
    public long bytes() {
        return bytes;
    }

    /** By acceptance, milliseconds since 1970 UTC; meaningless when there is no letter. */
    public long oldestMs() {
        return oldestMs;
    }

    public long newestMs() {
        return newestMs;
    }

    /** Letters by reason. */
    public Map<String, Long> reasons() {
        return reasons;
    }
}
