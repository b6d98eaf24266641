package io.unpark.analysis.detect;

import io.unpark.analysis.model.Advice;
import io.unpark.analysis.model.Confidence;
import io.unpark.analysis.model.Evidence;
import io.unpark.analysis.model.Frame;
import io.unpark.analysis.model.Kind;
import io.unpark.analysis.model.Place;
import io.unpark.analysis.model.RuntimeWindow;
import io.unpark.analysis.model.Severity;
import io.unpark.analysis.model.Stack;
import java.util.List;

/** {@code gc_pressure}: the collector takes CPU time from the requests. Count = generations. */
final class GcPressure implements ProcessDetector {
    private static final Advice ADVICE = Judgement.advice(
            "Allocate less where the assists happen (reuse buffers, size slices and maps up front), or give the collector more "
                    + "room with GOGC and GOMEMLIMIT.",
            "Heap profile with alloc_space (pprof), and the trace slice.",
            Kind.GC_PRESSURE);

    /** A single forced collection is no pressure. */
    private static final long MIN_CYCLES = 3;

    /** Assists are the requests' own time, and none are needed while the collector keeps up: a fifth of the limit is much. */
    private static final int ASSIST_PART = 5;

    @Override
    public Kind kind() {
        return Kind.GC_PRESSURE;
    }

    @Override
    public List<Judgement> judge(ProcessView view) {
        RuntimeWindow window = view.window();
        long capacityNs = Math.max(1, (window.endNs() - window.startNs()) * window.procs());
        long gcNs = window.gcWorkerNs() + window.gcAssistNs();
        long sharePermille = gcNs * 1000 / Math.max(1, window.busyNs());
        boolean idle = window.busyNs() * 1000 < capacityNs * view.config().gcMinBusyPermille();
        long limitPermille = view.config().gcSharePermille();
        long assistPermille = window.gcAssistNs() * 1000 / Math.max(1, window.busyNs());
        boolean much = sharePermille >= limitPermille || assistPermille * ASSIST_PART >= limitPermille;
        if (idle || window.gcCycles() < MIN_CYCLES || !much) {
            return List.of();
        }
        Stack assisted = ProcessView.largest(view.assists());
        Frame line = view.userCode().line(assisted).orElse(new Frame("process", "", 0));
        Evidence evidence = Evidence.builder()
                .put("gc_share_permille", sharePermille)
                .put("gc_assist_permille", assistPermille)
                .put("gc_worker_ns", window.gcWorkerNs())
                .put("gc_assist_ns", window.gcAssistNs())
                .put("busy_ns", window.busyNs())
                .put("cycles", window.gcCycles())
                .put("heap_live_bytes", window.heapLiveBytes())
                .put("heap_goal_bytes", window.heapGoalBytes())
                .put("assisting_stack", assisted.display())
                .build();
        String summary = "The collector took %d %% of the CPU time used (%d cycles in %.1f s)%s."
                .formatted(
                        sharePermille / 10,
                        window.gcCycles(),
                        (window.endNs() - window.startNs()) / 1e9,
                        assisted.isEmpty() ? "" : "; most assists happen at " + line.function());
        Severity severity = sharePermille >= 2 * limitPermille ? Severity.CRITICAL : Severity.WARNING;
        return List.of(new Judgement(
                kind(),
                new Place(line.function(), line.file(), line.line(), "", ""),
                "",
                severity,
                Confidence.CERTAIN,
                1,
                window.startNs(),
                window.endNs(),
                gcNs,
                summary,
                evidence,
                List.of(),
                ADVICE));
    }
}
