package io.unpark.analysis.instance;

/**
 * How a request's length compares with the earlier ones of its route.
 *
 * @param usualP99Ns an upper bound of their 99th percentile, 0 while there are too few
 * @param among how many there are
 */
record SlowVerdict(boolean slow, long usualP99Ns, long among) {
    static final SlowVerdict NONE = new SlowVerdict(false, 0, 0);
}
