package io.unpark.analysis.request;

import java.math.BigInteger;
import java.util.Arrays;

/** Whole numbers that add up. */
final class Shares {
    private Shares() {}

    /** The parts in proportion, so that they add up to {@code whole}; the largest takes what rounding leaves. */
    static long[] shrink(long[] parts, long whole) {
        long sum = Arrays.stream(parts).sum();
        if (sum == whole || sum == 0) {
            return parts;
        }
        long[] shrunk = new long[parts.length];
        long left = whole;
        int largest = 0;
        for (int i = 0; i < parts.length; i++) {
            shrunk[i] = exact(parts[i], whole, sum);
            left -= shrunk[i];
            largest = parts[i] > parts[largest] ? i : largest;
        }
        shrunk[largest] += left;
        return shrunk;
    }

    /** {@code part * whole / sum} without overflow: nanoseconds of hours do not fit a long when multiplied. */
    private static long exact(long part, long whole, long sum) {
        return BigInteger.valueOf(part)
                .multiply(BigInteger.valueOf(whole))
                .divide(BigInteger.valueOf(sum))
                .longValue();
    }

    /** 0 to 1000. */
    static int permille(long part, long whole) {
        return whole <= 0 ? 0 : (int) Math.min(1_000, exact(part, 1_000, whole));
    }
}
