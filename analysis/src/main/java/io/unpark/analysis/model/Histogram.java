package io.unpark.analysis.model;

import java.util.List;

/** Counts of durations in fixed integer buckets: bucket i counts [2^i, 2^(i+1)) nanoseconds, 0 is in bucket 0. */
public record Histogram(List<Long> counts) {
    /** Number of buckets: the last one holds everything from 2^42 ns (73 minutes) on. */
    public static final int BUCKETS = 43;

    public Histogram {
        if (counts.size() != BUCKETS) {
            throw new IllegalArgumentException("a histogram has " + BUCKETS + " buckets, not " + counts.size());
        }
        counts = List.copyOf(counts);
    }

    /** The bucket of a duration. */
    public static int bucket(long durationNs) {
        return durationNs <= 1 ? 0 : Math.min(BUCKETS - 1, 63 - Long.numberOfLeadingZeros(durationNs));
    }

    public static Histogram of(long[] counts) {
        return new Histogram(java.util.Arrays.stream(counts).boxed().toList());
    }

    public long total() {
        return counts.stream().mapToLong(Long::longValue).sum();
    }

    /**
     * An upper bound of a quantile in nanoseconds: the end of the bucket it falls into; 0 when nothing was counted.
     *
     * @param permille 0 to 1000
     */
    public long quantileNs(int permille) {
        long total = total();
        if (total == 0) {
            return 0;
        }
        long rank = Math.max(1, (total * permille + 999) / 1000);
        long seen = 0;
        for (int i = 0; i < BUCKETS; i++) {
            seen += counts.get(i);
            if (seen >= rank) {
                return 1L << (i + 1);
            }
        }
        return 1L << BUCKETS;
    }
}
