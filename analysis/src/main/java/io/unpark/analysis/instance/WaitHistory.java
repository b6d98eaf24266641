package io.unpark.analysis.instance;

import io.unpark.analysis.model.Histogram;
import java.util.Arrays;

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

    /** How many waits ended. */
    long completed() {
        return Arrays.stream(counts).asLongStream().sum();
    }

    /** No wait that ended took longer; a power of two, 0 when none ended. */
    long longestNs() {
        int last = Histogram.BUCKETS - 1;
        while (last >= 0 && counts[last] == 0) {
            last--;
        }
        return last < 0 ? 0 : 1L << (last + 1);
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
