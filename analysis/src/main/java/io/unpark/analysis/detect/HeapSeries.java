package io.unpark.analysis.detect;

import java.util.List;

/**
 * The collector's goal after each of the last cycles, oldest first. The goal is proportional to what was live after marking
 * (twice that at GOGC=100), so it rises when memory is retained, whatever was allocated and freed between.
 *
 * @param nowNs the generation's end, on the trace's clock as the points are
 */
public record HeapSeries(List<Point> points, long nowNs) {
    /** Cycles kept. */
    public static final int MAX_POINTS = 64;

    /** One cycle's end. */
    public record Point(long atNs, long goalBytes) {}

    public HeapSeries {
        points = List.copyOf(points);
    }
}
