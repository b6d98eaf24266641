package io.unpark.sink.store;

/** Sums and products that stop at the largest long instead of turning negative; of numbers that are not negative. */
public final class Saturating {
    private Saturating() {}

    public static long add(long a, long b) {
        long sum = a + b;
        return a > 0 && b > 0 && sum < 0 ? Long.MAX_VALUE : sum;
    }

    public static long times(long a, long b) {
        return a > Long.MAX_VALUE / Math.max(1, b) ? Long.MAX_VALUE : a * b;
    }
}
