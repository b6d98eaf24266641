package io.unpark.analysis.profile;

import io.unpark.analysis.config.GrowthThresholds;
import io.unpark.analysis.detect.Judgement;
import io.unpark.analysis.detect.LeakAdvice;
import io.unpark.analysis.model.Advice;
import io.unpark.analysis.model.Confidence;
import io.unpark.analysis.model.Evidence;
import io.unpark.analysis.model.Frame;
import io.unpark.analysis.model.Kind;
import io.unpark.analysis.model.Place;
import io.unpark.analysis.model.Severity;
import io.unpark.analysis.model.Stack;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;

/**
 * {@code goroutine_leak} by profiles. The collector proved those of a goroutineleak profile stuck: nothing that can run refers to what they
 * wait for. Of a goroutine profile only growth tells, and it must not be that of connections.
 */
final class LeftGoroutines {
    private static final int CRITICAL_COUNT = 50;

    /** One step tells nothing of a course. */
    private static final int FEWEST_PROFILES = 2;

    /** Waits that only another goroutine of the process ends. */
    private static final Set<String> AMONG_OURSELVES =
            Set.of("chan send", "chan receive", "select", "select (no cases)", "sync");

    private LeftGoroutines() {}

    /** One judgement a site; where both profiles tell, the proof wins. */
    static List<Judgement> judge(Series proven, Series all, GrowthThresholds limits) {
        TreeMap<String, Judgement> byKey = new TreeMap<>();
        grown(all, limits, byKey);
        if (!proven.isEmpty()) {
            proven.newest().values().forEach((key, count) -> byKey.put(key, proven(proven, key, count)));
        }
        return List.copyOf(byKey.values());
    }

    private static Judgement proven(Series series, String key, long count) {
        Course course = Course.of(series, key);
        Site site = series.site(key);
        Evidence evidence = evidence(site, "goroutineleak", count, course)
                .put("rule", "proven")
                .put("why", "the garbage collector found nothing that can run and refers to what they wait for")
                .build();
        String summary =
                "Goroutines%s can never go on: stuck in %s at %s, and nothing that runs refers to what they wait for."
                        .formatted(by(site), wait(site), site.function());
        long lastNs = series.newest().takenNs();
        return judgement(site, Confidence.CERTAIN, count, series.firstNs(key), lastNs, summary, evidence);
    }

    private static void grown(Series series, GrowthThresholds limits, TreeMap<String, Judgement> to) {
        if (series.entries().size() < Math.max(FEWEST_PROFILES, limits.leakMinProfiles())) {
            return;
        }
        long connections = series.newest().values().keySet().stream()
                .filter(key -> series.site(key).waitsFor().equals(Waits.NETWORK))
                .mapToLong(key -> Course.of(series, key).growth())
                .max()
                .orElse(0);
        series.newest().values().forEach((key, count) -> {
            Course course = Course.of(series, key);
            Site site = series.site(key);
            if (AMONG_OURSELVES.contains(site.waitsFor())
                    && grows(course, limits)
                    && connections < course.growth() / 2) {
                to.put(key, grown(series, site, course, count));
            }
        });
    }

    private static boolean grows(Course course, GrowthThresholds limits) {
        return course.growth() >= limits.leakMinGoroutines()
                && course.growsByPercent(limits.leakPercent())
                && course.spanNs() >= limits.leakMinSpanNs()
                && course.rises()
                && !course.flattens();
    }

    private static Judgement grown(Series series, Site site, Course course, long count) {
        Evidence evidence = evidence(site, "goroutine", count, course)
                .put("rule", "profile_growth")
                .put("why", "more stand here in each profile, and connections do not grow with them")
                .build();
        String summary = "Goroutines%s pile up: %d stood in %s at %s, and %d do %.0f s later."
                .formatted(by(site), course.first(), wait(site), site.function(), count, course.spanNs() / 1e9);
        long firstNs = series.entries().get(0).takenNs();
        return judgement(
                site, Confidence.LIKELY, count, firstNs, series.newest().takenNs(), summary, evidence);
    }

    private static String by(Site site) {
        return site.creation().isEmpty() ? "" : " started by " + site.creation();
    }

    private static String wait(Site site) {
        return site.waitsFor().isEmpty() ? "a wait" : site.waitsFor();
    }

    private static Evidence.Builder evidence(Site site, String profile, long count, Course course) {
        return Evidence.builder()
                .put("wait_reason", site.waitsFor().isEmpty() ? "unknown" : site.waitsFor())
                .put("start_function", site.start())
                .put("blocking_stack", site.stack())
                .put("profile", profile)
                .put("profiles", course.size())
                .put("profile_span_ns", course.spanNs())
                .put("profile_count", count)
                .put("profile_counts", course.shown());
    }

    private static Judgement judgement(
            Site site,
            Confidence confidence,
            long count,
            long firstNs,
            long lastNs,
            String summary,
            Evidence evidence) {
        // The runtime's own frames, of which profiles show more than traces, say nothing that the wait does not.
        Stack stack = new Stack(site.stack().stream()
                .filter(line -> !line.startsWith("runtime."))
                .map(line -> new Frame(line.substring(0, (line + " ").indexOf(' ')), "", 0))
                .toList());
        return new Judgement(
                Kind.GOROUTINE_LEAK,
                new Place(site.function(), site.file(), site.line(), site.creation(), ""),
                "",
                count >= CRITICAL_COUNT ? Severity.CRITICAL : Severity.WARNING,
                confidence,
                count,
                firstNs,
                lastNs,
                lastNs - firstNs,
                summary,
                evidence,
                List.of(),
                new Advice(
                        LeakAdvice.fix(site.waitsFor(), stack, site.start()),
                        "A trace of the service: it tells who started them, for which requests, and what they wait for.",
                        "detectors/goroutine_leak.md"));
    }
}
