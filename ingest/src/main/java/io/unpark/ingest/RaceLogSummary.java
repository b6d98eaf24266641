package io.unpark.ingest;

import java.util.List;

/**
 * What a log held.
 *
 * @param lines physical lines read
 * @param reports reports given out
 * @param discarded beginnings that turned out to be no report, or without any access that can be told
 * @param overlongLines lines of which the end was left out
 * @param announced the numbers of the lines {@code Found N data race(s)}, in order, at most the first 1,000
 */
public record RaceLogSummary(long lines, long reports, long discarded, long overlongLines, List<Integer> announced) {
    public RaceLogSummary {
        announced = List.copyOf(announced);
    }
}
