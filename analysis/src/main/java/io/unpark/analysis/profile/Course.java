package io.unpark.analysis.profile;

import java.util.List;

/**
 * How much there was of one site in each profile of a series, oldest first.
 *
 * @param values where a site was left out as too small, the most that it may have been
 */
record Course(List<Long> timesNs, List<Long> values) {
    static Course of(Series series, String key) {
        return new Course(
                series.entries().stream().map(Series.Entry::takenNs).toList(),
                series.entries().stream().map(entry -> entry.atMost(key)).toList());
    }

    int size() {
        return values.size();
    }

    long first() {
        return values.get(0);
    }

    long last() {
        return values.get(size() - 1);
    }

    long spanNs() {
        return timesNs.get(size() - 1) - timesNs.get(0);
    }

    long growth() {
        return last() - first();
    }

    /** Of what there was first; a site that was not there at all has grown by any part of nothing. */
    boolean growsByPercent(double percent) {
        return growth() * 100.0 >= first() * percent;
    }

    /** Never less than a twentieth below the one before, which is noise. */
    boolean rises() {
        for (int i = 1; i < size(); i++) {
            if (values.get(i) < values.get(i - 1) - values.get(i - 1) / 20) {
                return false;
            }
        }
        return true;
    }

    /** Warm-up ends: the last step is less than half as fast as the whole. */
    boolean flattens() {
        int n = size();
        double whole = (double) growth() / Math.max(1, spanNs());
        double step = (double) (last() - values.get(n - 2)) / Math.max(1, timesNs.get(n - 1) - timesNs.get(n - 2));
        return n > 2 && step < whole / 2;
    }

    List<String> shown() {
        return values.stream().map(String::valueOf).toList();
    }
}
