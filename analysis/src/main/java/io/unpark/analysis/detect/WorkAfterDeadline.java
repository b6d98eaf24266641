package io.unpark.analysis.detect;

import io.unpark.analysis.config.AnalysisConfig;
import io.unpark.analysis.model.Advice;
import io.unpark.analysis.model.Confidence;
import io.unpark.analysis.model.Evidence;
import io.unpark.analysis.model.Frame;
import io.unpark.analysis.model.Kind;
import io.unpark.analysis.model.LateWork;
import io.unpark.analysis.model.Place;
import io.unpark.analysis.model.RequestSegment;
import io.unpark.analysis.model.Severity;
import io.unpark.analysis.place.UserCode;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** {@code work_after_deadline}: goroutines of a request run or block later than its deadline or cancellation and slack. */
final class WorkAfterDeadline implements RequestDetector {
    private static final Advice ADVICE = Judgement.advice(
            "Check ctx.Err() between the steps of the work, and select on ctx.Done() wherever it waits; pass the context down.",
            "The trace slice of the request in go tool trace; a CPU profile when the time was spent running.",
            Kind.WORK_AFTER_DEADLINE);
    private static final Comparator<LateWork> LATEST = Comparator.comparingLong(LateWork::lateNs)
            .thenComparing(Comparator.comparingLong(LateWork::goroutine).reversed());

    @Override
    public Kind kind() {
        return Kind.WORK_AFTER_DEADLINE;
    }

    @Override
    public List<Judgement> judge(RequestSegment segment, AnalysisConfig config, UserCode userCode) {
        Optional<LateWork> latest = segment.late().stream()
                .filter(work -> userCode.line(work.stack()).isPresent())
                .max(Comparator.<LateWork, Boolean>comparing(work -> !isBystander(work, segment))
                        .thenComparing(LATEST));
        return latest.map(work -> List.of(judgement(segment, work, userCode))).orElse(List.of());
    }

    private Judgement judgement(RequestSegment segment, LateWork work, UserCode userCode) {
        boolean main = work.goroutine() == segment.goroutine();
        Frame line = main ? userCode.line(work.stack()).orElseThrow() : outermostUser(work, userCode);
        long cpuNs = segment.late().stream().mapToLong(LateWork::cpuNs).sum();
        String why = segment.canceled() ? "cancellation" : "deadline";
        Evidence evidence = Evidence.builder()
                .put("request", segment.requestId())
                .put("attribution", segment.attribution().id())
                .put("expired_by", why)
                .put("expired_unix_ns", segment.expiredNs())
                .put("late_ns", work.lateNs())
                .put("late_at_least", work.stillAtWork())
                .put("late_goroutines", segment.late().size())
                .put("cpu_after_expiry_ns", cpuNs)
                .put("handler_itself", main)
                .put("last_seen_stack", work.stack().display())
                .build();
        String summary = "%s went on for %s%d ms after its %s, in %s."
                .formatted(
                        segment.route().isEmpty() ? "A request" : segment.route(),
                        work.stillAtWork() ? "at least " : "",
                        work.lateNs() / 1_000_000,
                        why,
                        line.function());
        Confidence confidence = segment.attribution();
        return new Judgement(
                kind(),
                new Place(line.function(), line.file(), line.line(), "", segment.route()),
                "",
                work.lateNs() >= 1_000_000_000L ? Severity.CRITICAL : Severity.WARNING,
                confidence,
                1,
                segment.startNs(),
                segment.endNs(),
                work.lateNs(),
                summary,
                evidence,
                List.of(),
                ADVICE);
    }

    /** A goroutine that only waits for others to be done ends last, but is not the one to stop. */
    private static boolean isBystander(LateWork work, RequestSegment segment) {
        boolean main = work.goroutine() == segment.goroutine();
        return !main
                && work.stack().frames().stream()
                        .limit(3)
                        .anyMatch(f -> f.function().equals("sync.(*WaitGroup).Wait"));
    }

    /** Of a goroutine that the request started: the function it was started with, where its end should be. */
    private static Frame outermostUser(LateWork work, UserCode userCode) {
        Frame outermost = userCode.line(work.stack()).orElseThrow();
        for (Frame frame : work.stack().frames()) {
            if (!userCode.isStandardLibrary(frame.function()) && !userCode.isInfrastructure(frame.function())) {
                outermost = frame;
            }
        }
        return outermost;
    }
}
