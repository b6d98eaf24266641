package io.unpark.analysis.detect;

import io.unpark.analysis.model.Advice;
import io.unpark.analysis.model.Confidence;
import io.unpark.analysis.model.Evidence;
import io.unpark.analysis.model.Frame;
import io.unpark.analysis.model.Histogram;
import io.unpark.analysis.model.Kind;
import io.unpark.analysis.model.Place;
import io.unpark.analysis.model.RuntimeWindow;
import io.unpark.analysis.model.Severity;
import io.unpark.analysis.model.Stack;
import java.util.List;

/** {@code sched_latency}: goroutines are ready but not run, because something keeps the Ps busy. Count = generations. */
final class SchedLatency implements ProcessDetector {
    private static final Advice ADVICE = Judgement.advice(
            "Move the work that keeps the CPUs busy out of the serving process or limit how much of it runs at once; raise "
                    + "GOMAXPROCS only when there are CPUs for it.",
            "CPU profile of this instance (pprof).",
            Kind.SCHED_LATENCY);

    /** Of the Ps' time: below it nothing kept the Ps busy, and the delay came from outside the process. */
    private static final long BUSY_PERMILLE = 700;

    @Override
    public Kind kind() {
        return Kind.SCHED_LATENCY;
    }

    @Override
    public List<Judgement> judge(ProcessView view) {
        RuntimeWindow window = view.window();
        Histogram latency = window.schedLatency();
        long p99Ns = latency.quantileNs(990);
        long capacityNs = Math.max(1, (window.endNs() - window.startNs()) * window.procs());
        boolean busy = window.busyNs() * 1000 >= capacityNs * BUSY_PERMILLE;
        boolean enough = latency.total() >= view.config().schedLatencyMinSamples();
        if (!enough || !busy || p99Ns < view.config().schedLatencyP99Ns()) {
            return List.of();
        }
        Stack hog = ProcessView.largest(view.hogs());
        Frame line = view.userCode().line(hog).orElse(new Frame("process", "", 0));
        Evidence evidence = Evidence.builder()
                .put("p50_below_ns", latency.quantileNs(500))
                .put("p90_below_ns", latency.quantileNs(900))
                .put("p99_below_ns", p99Ns)
                .put("samples", latency.total())
                .put("procs", window.procs())
                .put("busy_permille", window.busyNs() * 1000 / capacityNs)
                .put("ran_instead_stack", hog.display())
                .put("ran_instead_ns", view.hogs().getOrDefault(hog, 0L))
                .build();
        String summary = "Ready goroutines waited up to %d ms for a CPU (p99) while %s ran."
                .formatted(p99Ns / 1_000_000, hog.isEmpty() ? "others" : line.function());
        Severity severity = p99Ns >= 5 * view.config().schedLatencyP99Ns() ? Severity.CRITICAL : Severity.WARNING;
        return List.of(new Judgement(
                kind(),
                new Place(line.function(), line.file(), line.line(), "", ""),
                "",
                severity,
                Confidence.CERTAIN,
                1,
                window.startNs(),
                window.endNs(),
                p99Ns,
                summary,
                evidence,
                List.of(),
                ADVICE));
    }
}
