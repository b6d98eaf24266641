package io.unpark.analysis.detect;

import io.unpark.analysis.model.Advice;
import io.unpark.analysis.model.CauseStep;
import io.unpark.analysis.model.Confidence;
import io.unpark.analysis.model.Evidence;
import io.unpark.analysis.model.Frame;
import io.unpark.analysis.model.Kind;
import io.unpark.analysis.model.Place;
import io.unpark.analysis.model.Severity;
import io.unpark.analysis.model.Stack;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** {@code mutex_contention}: many goroutines lose time on one lock within a generation. Count = generations. */
final class MutexContention implements ProcessDetector {
    private static final Advice ADVICE = Judgement.advice(
            "Hold the lock for less: no I/O and no slow work under it; split it by key, or use an RWMutex where reads prevail.",
            "Mutex and block profile of this instance (pprof), and the trace slice around the longest wait.",
            Kind.MUTEX_CONTENTION);

    @Override
    public Kind kind() {
        return Kind.MUTEX_CONTENTION;
    }

    @Override
    public List<Judgement> judge(ProcessView view) {
        List<Judgement> found = new ArrayList<>();
        for (ProcessView.LockWaits lock : view.locks()) {
            boolean heavy = lock.totalNs() >= view.config().contentionMinWaitNs()
                    && lock.waits() >= view.config().contentionMinWaiters();
            Optional<Frame> line = view.userCode().line(lock.place());
            // Waits that end in somebody else's progress are contention; the others are a leak's matter.
            if (heavy && line.isPresent() && !lock.holders().isEmpty()) {
                found.add(judgement(lock, line.get(), view));
            }
        }
        return found;
    }

    private Judgement judgement(ProcessView.LockWaits lock, Frame line, ProcessView view) {
        Stack holder = ProcessView.largest(lock.holders());
        long windowNs = Math.max(1, view.window().endNs() - view.window().startNs());
        LockShare share = LockShare.of(line, view.ended());
        Evidence.Builder evidence = Evidence.builder()
                .put("waits", lock.waits())
                .put("waited_total_ns", lock.totalNs())
                .put("waited_max_ns", lock.maxNs())
                .put("waits_of_requests", lock.requestWaits())
                .put("waiters_on_average_permille", lock.totalNs() * 1000 / windowNs)
                .put("waiting_stack", lock.place().display())
                .put("holder_stack", holder.display());
        share.addTo(evidence);
        Frame held = view.userCode().line(holder).orElse(line);
        CauseStep cause = new CauseStep(
                view.window().instance().service(),
                "",
                "held the lock",
                "",
                held.function(),
                held.file(),
                held.line(),
                lock.totalNs());
        String summary = "%d waits for the lock at %s took %.2f s together in %.1f s, the longest %d ms."
                        .formatted(
                                lock.waits(),
                                line.function(),
                                lock.totalNs() / 1e9,
                                windowNs / 1e9,
                                lock.maxNs() / 1_000_000)
                + share.sentence();
        Severity severity = lock.totalNs() >= 2 * windowNs ? Severity.CRITICAL : Severity.WARNING;
        return new Judgement(
                kind(),
                new Place(line.function(), line.file(), line.line(), "", ""),
                "",
                severity,
                Confidence.CERTAIN,
                1,
                view.window().startNs(),
                view.window().endNs(),
                lock.totalNs(),
                summary,
                evidence.build(),
                share.cause().isEmpty() ? List.of(cause) : share.cause(),
                ADVICE);
    }
}
