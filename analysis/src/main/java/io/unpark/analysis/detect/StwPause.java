package io.unpark.analysis.detect;

import io.unpark.analysis.model.Advice;
import io.unpark.analysis.model.Confidence;
import io.unpark.analysis.model.Evidence;
import io.unpark.analysis.model.Frame;
import io.unpark.analysis.model.Kind;
import io.unpark.analysis.model.Place;
import io.unpark.analysis.model.Severity;
import io.unpark.analysis.model.Stack;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** {@code stw_pause}: the world is stopped for long enough to be felt, at once or in sum. Count = generations. */
final class StwPause implements ProcessDetector {
    private static final String NEXT =
            "The trace slice in go tool trace: the stop-the-world row and what runs before it.";

    /** Of the window: many short stops of one kind are felt as well. */
    private static final long SHARE_PERMILLE = 100;

    /** A single long stop by the collector may be a machine that did not run us; it needs a second, or to be this much longer. */
    private static final int ONCE_FACTOR = 5;

    @Override
    public Kind kind() {
        return Kind.STW_PAUSE;
    }

    @Override
    public List<Judgement> judge(ProcessView view) {
        Map<String, List<Pause>> byKind = new TreeMap<>();
        view.pauses().byKindNs().keySet().forEach(kind -> byKind.put(kind, new ArrayList<>()));
        view.pauses().longest().forEach(pause -> byKind.get(pause.kind()).add(pause));
        List<Judgement> found = new ArrayList<>();
        byKind.forEach((kind, pauses) -> {
            if (!pauses.isEmpty() && isFelt(pauses, view.pauses().byKindNs().get(kind), view)) {
                found.add(judgement(pauses, view.pauses().byKindNs().get(kind), view));
            }
        });
        return found;
    }

    private static boolean isFelt(List<Pause> pauses, long sumNs, ProcessView view) {
        Pause longest = pauses.get(pauses.size() - 1);
        if (longest.isTracing()) {
            return false;
        }
        long limitNs = view.config().stwPauseNs();
        long windowNs = Math.max(1, view.window().endNs() - view.window().startNs());
        boolean much = sumNs >= limitNs && sumNs * 1000 >= windowNs * SHARE_PERMILLE;
        long tooLong = pauses.stream().filter(p -> p.lengthNs() >= limitNs).count();
        boolean sure = !longest.isCollector() || tooLong >= 2 || longest.lengthNs() >= ONCE_FACTOR * limitNs;
        return much || tooLong > 0 && sure;
    }

    private Judgement judgement(List<Pause> pauses, long sumNs, ProcessView view) {
        Pause longest = pauses.get(pauses.size() - 1);
        boolean heldUp = longest.isHeldUp();
        Stack blamed = heldUp ? longest.lastRunner() : longest.isCollector() ? Stack.EMPTY : longest.asker();
        Frame line = view.userCode().line(blamed).orElse(new Frame("process", "", 0));
        Evidence evidence = Evidence.builder()
                .put("stopped_for", longest.kind())
                .put("longest_ns", longest.lengthNs())
                .put("stopping_ns", longest.stoppingNs())
                .put("sum_ns", sumNs)
                .put("window_ns", view.window().endNs() - view.window().startNs())
                .put("open_requests", longest.openRequests())
                .put("asking_stack", longest.asker().display())
                .put("last_to_stop_stack", longest.lastRunner().display())
                .build();
        String summary = "The world was stopped for %s: %.1f ms at the longest, %.1f ms together in %.1f s%s."
                .formatted(
                        longest.kind(),
                        longest.lengthNs() / 1e6,
                        sumNs / 1e6,
                        (view.window().endNs() - view.window().startNs()) / 1e9,
                        because(longest, line));
        Severity severity =
                longest.lengthNs() >= ONCE_FACTOR * view.config().stwPauseNs() ? Severity.CRITICAL : Severity.WARNING;
        return new Judgement(
                kind(),
                new Place(line.function(), line.file(), line.line(), "", ""),
                "",
                severity,
                Confidence.CERTAIN,
                1,
                view.window().startNs(),
                view.window().endNs(),
                longest.lengthNs(),
                summary,
                evidence,
                List.of(),
                advice(longest));
    }

    private static String because(Pause pause, Frame line) {
        if (line.file().isEmpty()) {
            return "";
        }
        return pause.isHeldUp()
                ? "; " + line.function() + " was the last to stop"
                : "; " + line.function() + " asked for it";
    }

    private static Advice advice(Pause pause) {
        String fix = pause.isHeldUp()
                ? "The runtime waited for one goroutine: cut the work at that line into parts (copy or clear big memory in pieces, no"
                        + " long loops in assembly), so that it can be stopped."
                : pause.isCollector()
                        ? "Fewer collections: allocate less, or give the collector more room with GOGC and GOMEMLIMIT. A throttled or"
                                + " overloaded machine lengthens every stop."
                        : "Ask less often, or for less: read runtime/metrics instead of ReadMemStats, take a goroutine profile instead of"
                                + " all stacks, set GOMAXPROCS once.";
        return Judgement.advice(fix, NEXT, Kind.STW_PAUSE);
    }
}
