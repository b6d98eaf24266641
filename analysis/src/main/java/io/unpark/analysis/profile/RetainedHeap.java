package io.unpark.analysis.profile;

import io.unpark.analysis.config.GrowthThresholds;
import io.unpark.analysis.detect.Judgement;
import io.unpark.analysis.model.Advice;
import io.unpark.analysis.model.Confidence;
import io.unpark.analysis.model.Evidence;
import io.unpark.analysis.model.Kind;
import io.unpark.analysis.model.Place;
import io.unpark.analysis.model.Severity;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/** {@code heap_growth} by allocation site: memory in use that was allocated there rises from profile to profile and does not flatten. */
final class RetainedHeap {
    private static final long SECOND_NS = 1_000_000_000L;

    /** Two profiles tell a start from a finish, but no course: they must lie apart. */
    private static final long MIN_SPAN_OF_TWO_NS = 60 * SECOND_NS;

    private static final int MANY = 6;

    private static final Advice ADVICE = new Advice(
            "Find what keeps what is allocated here: a cache or map without a bound, a slice of a big array that should be copied"
                    + " out, a pool that only grows.",
            "go tool pprof -base first second (inuse_space): the growth with its call paths, then peek or list at this function.",
            "detectors/heap_growth.md");

    private RetainedHeap() {}

    static List<Judgement> judge(Series series, GrowthThresholds limits) {
        List<Judgement> judged = new ArrayList<>();
        if (series.entries().size() < 2) {
            return judged;
        }
        for (String key : new TreeSet<>(series.newest().values().keySet())) {
            Course course = Course.of(series, key);
            if (isRetained(course, limits)) {
                judged.add(judgement(series.site(key), course));
            }
        }
        return judged;
    }

    private static boolean isRetained(Course course, GrowthThresholds limits) {
        // Of many profiles half as much is enough.
        boolean much = course.growsByPercent(limits.heapPercent() / (course.size() >= MANY ? 2.0 : 1.0));
        return course.growth() >= limits.heapMinBytes()
                && course.spanNs() >= limits.heapMinSpanNs()
                && much
                && course.rises()
                && !course.flattens();
    }

    private static Judgement judgement(Site site, Course course) {
        boolean sure = course.size() > 2 || course.spanNs() >= MIN_SPAN_OF_TWO_NS;
        long perSecond = (long) (course.growth() / (course.spanNs() / (double) SECOND_NS));
        Evidence evidence = Evidence.builder()
                .put("rule", "profile_growth")
                .put("profile", "heap")
                .put("profiles", course.size())
                .put("profile_span_ns", course.spanNs())
                .put("in_use_first_bytes", course.first())
                .put("in_use_last_bytes", course.last())
                .put("in_use_growth_bytes_per_second", perSecond)
                .put("in_use_bytes", course.shown())
                .put("allocation_stack", site.stack())
                .build();
        String summary = "Memory in use that %s allocated grew from %d MiB to %d MiB over %d profiles in %.0f s."
                .formatted(
                        site.function(),
                        course.first() >> 20,
                        course.last() >> 20,
                        course.size(),
                        course.spanNs() / 1e9);
        long lastNs = course.timesNs().get(course.size() - 1);
        return new Judgement(
                Kind.HEAP_GROWTH,
                new Place(site.function(), site.file(), site.line(), "", ""),
                "",
                course.last() / 16 >= Math.max(1, course.first()) ? Severity.CRITICAL : Severity.WARNING,
                sure ? Confidence.LIKELY : Confidence.POSSIBLE,
                1,
                course.timesNs().get(0),
                lastNs,
                course.spanNs(),
                summary,
                evidence,
                List.of(),
                ADVICE);
    }
}
