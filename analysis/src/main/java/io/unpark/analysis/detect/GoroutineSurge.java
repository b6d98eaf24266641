package io.unpark.analysis.detect;

import io.unpark.analysis.model.Advice;
import io.unpark.analysis.model.Confidence;
import io.unpark.analysis.model.Evidence;
import io.unpark.analysis.model.Frame;
import io.unpark.analysis.model.Kind;
import io.unpark.analysis.model.Place;
import io.unpark.analysis.model.Severity;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * {@code goroutine_surge}: goroutines of a kind that comes and goes pile up, since each lives far longer than it used to.
 * Count = goroutines that stood at the last generation of the surge.
 */
final class GoroutineSurge implements ProcessDetector {
    private static final Advice ADVICE = Judgement.advice(
            "Bound how many wait at once (a semaphore, a worker pool, or shedding load) and give the wait a deadline; then look at what"
                    + " they wait for.",
            "Goroutine profile of this instance, and the trace slice: what holds up the place they wait at.",
            Kind.GOROUTINE_SURGE);

    private static final int CRITICAL_COUNT = 1_000;

    private final GoroutineLeak leaks = new GoroutineLeak();

    @Override
    public Kind kind() {
        return Kind.GOROUTINE_SURGE;
    }

    @Override
    public List<Judgement> judge(ProcessView view) {
        if (view.surges().isEmpty()) {
            return List.of();
        }
        // Goroutines that will never finish pile up as well: then the leak says more.
        Set<String> leaking = leaks.judge(view).stream()
                .map(judgement -> judgement.place().creationSite())
                .collect(Collectors.toSet());
        return view.surges().stream()
                .filter(surge -> isUsers(surge, view))
                .map(surge -> judgement(surge, view))
                .filter(judgement -> !leaking.contains(judgement.place().creationSite()))
                .toList();
    }

    /** What a library starts beside the user's goroutines piles up with them. */
    private static boolean isUsers(Surge surge, ProcessView view) {
        return view.userCode().line(surge.creation()).isPresent()
                || view.userCode().line(surge.place()).isPresent();
    }

    private Judgement judgement(Surge surge, ProcessView view) {
        Frame born = view.userCode().line(surge.creation()).orElse(new Frame(surge.start(), "", 0));
        Frame site = view.userCode().line(surge.place()).orElse(born);
        long endNs = view.window().endNs();
        Evidence evidence = Evidence.builder()
                .put("alive", surge.alive())
                .put("usual_alive", surge.usualAlive())
                .put("usual_life_ns", surge.usualLifeNs())
                .put("median_age_ns", surge.medianAgeNs())
                .put("oldest_age_ns", surge.oldestAgeNs())
                .put("start_function", surge.start())
                .put("creation_stack", surge.creation().display())
                .put("waiting_stack", surge.place().display())
                .put("waiting", surge.waiting())
                .put("wait_reason", surge.reason().isEmpty() ? "unknown" : surge.reason())
                .build();
        String summary =
                "%d goroutines started by %s stand where at most %d stood before; they lived for up to %d ms, now for %.1f s%s."
                        .formatted(
                                surge.alive(),
                                born.function(),
                                surge.usualAlive(),
                                Math.max(1, surge.usualLifeNs() / 1_000_000),
                                surge.medianAgeNs() / 1e9,
                                surge.waiting() == 0 ? "" : ", most at " + site.function() + waitingFor(surge));
        return new Judgement(
                kind(),
                new Place(site.function(), site.file(), site.line(), born.function(), ""),
                "",
                surge.alive() >= CRITICAL_COUNT ? Severity.CRITICAL : Severity.WARNING,
                Confidence.LIKELY,
                surge.alive(),
                endNs - surge.oldestAgeNs(),
                endNs,
                surge.oldestAgeNs(),
                summary,
                evidence,
                List.of(),
                ADVICE);
    }

    private static String waitingFor(Surge surge) {
        return surge.reason().isEmpty() ? "" : " (" + surge.reason() + ")";
    }
}
