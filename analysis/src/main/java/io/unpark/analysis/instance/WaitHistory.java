package io.unpark.analysis.instance;

import io.unpark.analysis.model.Histogram;

/**
 * The waits completed at one place: how many of each length (log2 buckets) and when the last of that length ended. Tells
 * whether a place still moves.
 */
final class WaitHistory extends KeptByContent {
    static final long NEVER = Long.MIN_VALUE;

    final int[] counts = new int[Histogram.BUCKETS];
    final long[] lastEndNs = new long[Histogram.BUCKETS];

    WaitHistory() {
        java.util.Arrays.fill(lastEndNs, NEVER);
    }

    void completed(long durationNs, long endNs) {
        int bucket = Histogram.bucket(durationNs);
        counts[bucket]++;
        lastEndNs[bucket] = Math.max(lastEndNs[bucket], endNs);
    }

    /** When the last wait of at least about this length ended, or NEVER. */
    long lastEndNs(long minDurationNs) {
        long last = NEVER;
        for (int i = Histogram.bucket(minDurationNs); i < Histogram.BUCKETS; i++) {
            last = Math.max(last, lastEndNs[i]);
        }
        return last;
    }
}
