package io.unpark.analysis.detect;

import io.unpark.analysis.detect.HeapSeries.Point;
import io.unpark.analysis.model.Advice;
import io.unpark.analysis.model.Confidence;
import io.unpark.analysis.model.Evidence;
import io.unpark.analysis.model.Kind;
import io.unpark.analysis.model.Place;
import io.unpark.analysis.model.Severity;
import java.util.List;

/** {@code heap_growth}: what is live after a collection rises from cycle to cycle and does not flatten. */
final class HeapGrowth implements ProcessDetector {
    private static final Advice ADVICE = Judgement.advice(
            "Find what is kept: a cache or map without a bound, a slice of a big array that should be copied out, a pool that only"
                    + " grows.",
            "Two heap profiles some minutes apart, compared (go tool pprof -base, inuse_space): growth by site.",
            Kind.HEAP_GROWTH);

    private static final long SECOND_NS = 1_000_000_000L;
    private static final long MIN_SPAN_NS = 2 * SECOND_NS;

    /** Few cycles must show a manifold, many may show less. */
    private static final int FEW_CYCLES = 4;

    private static final int MANY_CYCLES = 12;

    @Override
    public Kind kind() {
        return Kind.HEAP_GROWTH;
    }

    @Override
    public List<Judgement> judge(ProcessView view) {
        List<Point> points = view.heap().points();
        if (points.size() < FEW_CYCLES
                || !rises(points)
                || !isMuch(points, view.config().growth().heapMinBytes())
                || flattens(view.heap())) {
            return List.of();
        }
        return List.of(judgement(points, view));
    }

    private static boolean rises(List<Point> points) {
        for (int i = 1; i < points.size(); i++) {
            // A twentieth less is noise: what happens to be live when a cycle ends differs a little.
            if (points.get(i).goalBytes() * 20 < points.get(i - 1).goalBytes() * 19) {
                return false;
            }
        }
        return true;
    }

    private static boolean isMuch(List<Point> points, long minGrowthBytes) {
        Point first = points.get(0);
        Point last = points.get(points.size() - 1);
        boolean manifold = last.goalBytes() >= 4 * first.goalBytes();
        boolean steady = points.size() >= MANY_CYCLES && last.goalBytes() * 2 >= first.goalBytes() * 3;
        return last.atNs() - first.atNs() >= MIN_SPAN_NS
                && last.goalBytes() - first.goalBytes() >= minGrowthBytes
                && (manifold || steady);
    }

    /** Warm-up ends: the last step is slow against the whole, or the next cycle is long in coming. */
    private static boolean flattens(HeapSeries heap) {
        List<Point> points = heap.points();
        Point first = points.get(0);
        Point before = points.get(points.size() - 2);
        Point last = points.get(points.size() - 1);
        double wholeRate = rate(first, last);
        long stepNs = Math.max(1, last.atNs() - before.atNs());
        boolean overdue = heap.nowNs() - last.atNs() > 3 * stepNs;
        return rate(before, last) < wholeRate / 2 || overdue;
    }

    private static double rate(Point from, Point to) {
        return (double) (to.goalBytes() - from.goalBytes()) / Math.max(1, to.atNs() - from.atNs());
    }

    private Judgement judgement(List<Point> points, ProcessView view) {
        Point first = points.get(0);
        Point last = points.get(points.size() - 1);
        long endNs = view.window().endNs();
        long spanNs = last.atNs() - first.atNs();
        long firstSeenNs = endNs == 0 ? 0 : endNs - (view.heap().nowNs() - first.atNs());
        long bytesPerSecond = (long) (rate(first, last) * SECOND_NS);
        Evidence evidence = Evidence.builder()
                .put("goal_first_bytes", first.goalBytes())
                .put("goal_last_bytes", last.goalBytes())
                .put("goal_growth_bytes_per_second", bytesPerSecond)
                .put("cycles", points.size())
                .put("span_ns", spanNs)
                .put(
                        "goals_bytes",
                        points.stream().map(p -> String.valueOf(p.goalBytes())).toList())
                .put("heap_objects_bytes", view.window().heapLiveBytes())
                .build();
        String summary =
                "The heap that collections leave grew from a goal of %d MiB to %d MiB over %d cycles in %.1f s."
                        .formatted(first.goalBytes() >> 20, last.goalBytes() >> 20, points.size(), spanNs / 1e9);
        Severity severity = last.goalBytes() >= 16 * first.goalBytes() ? Severity.CRITICAL : Severity.WARNING;
        return new Judgement(
                kind(),
                new Place("process", "", 0, "", ""),
                "",
                severity,
                Confidence.LIKELY,
                1,
                firstSeenNs,
                endNs,
                spanNs,
                summary,
                evidence,
                List.of(),
                ADVICE);
    }
}
