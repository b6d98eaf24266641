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
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** {@code goroutine_leak}: goroutines that will never finish. One judgement per start function and places' functions. */
final class GoroutineLeak implements ProcessDetector {
    private static final int CRITICAL_COUNT = 50;

    @Override
    public Kind kind() {
        return Kind.GOROUTINE_LEAK;
    }

    @Override
    public List<Judgement> judge(ProcessView view) {
        Map<StuckGroup, LeakVerdict> leaks = new IdentityHashMap<>(); // a group's hash is that of all its members
        List<StuckGroup> rest = new ArrayList<>();
        for (StuckGroup group : view.stuck()) {
            Optional<LeakVerdict> verdict = LeakRules.judge(group);
            verdict.ifPresent(v -> leaks.put(group, v));
            if (verdict.isEmpty() || verdict.get().confidence() == Confidence.POSSIBLE) {
                rest.add(group);
            }
        }
        LeakBystanders.add(leaks, rest);
        Map<String, Judgement> byIdentity = new HashMap<>();
        for (StuckGroup group : view.stuck()) {
            LeakVerdict verdict = leaks.get(group);
            if (verdict != null) {
                Judgement judgement = judgement(group, verdict, view);
                String identity =
                        judgement.place().site() + "\n" + judgement.place().creationSite();
                byIdentity.merge(identity, judgement, GoroutineLeak::merge);
            }
        }
        return List.copyOf(byIdentity.values());
    }

    private Judgement judgement(StuckGroup group, LeakVerdict verdict, ProcessView view) {
        Place place = place(group, view);
        int count = group.members().size();
        long endNs = view.window().endNs();
        long longestNs = group.longestWaitNs();
        boolean atLeast = group.members().stream().anyMatch(StuckGroup.Member::atLeast);
        Evidence evidence = Evidence.builder()
                .put("rule", verdict.rule())
                .put("why", verdict.why())
                .put("wait_reason", group.reason().isEmpty() ? "unknown" : group.reason())
                .put("start_function", group.start())
                .put("blocking_stack", group.place().display())
                .put("creation_stack", group.creation().display())
                .put("longest_wait_ns", longestNs)
                .put("longest_wait_at_least", atLeast)
                .put("created", group.created())
                .put("ended", group.ended())
                .put(
                        "goroutines",
                        group.members().stream()
                                .map(m -> String.valueOf(m.id()))
                                .sorted()
                                .limit(20)
                                .toList())
                .build();
        Severity severity = count >= CRITICAL_COUNT ? Severity.CRITICAL : Severity.WARNING;
        String summary = "Goroutines %s never finish: stuck in %s at %s for %s%.1f s."
                .formatted(
                        place.creationSite().isEmpty() ? "older than the trace" : "started by " + place.creationSite(),
                        group.reason().isEmpty() ? "a wait" : group.reason(),
                        place.site(),
                        atLeast ? "at least " : "",
                        longestNs / 1e9);
        return new Judgement(
                kind(),
                place,
                "",
                severity,
                verdict.confidence(),
                count,
                endNs - longestNs,
                endNs,
                longestNs,
                summary,
                evidence,
                List.of(),
                advice(group));
    }

    private static Place place(StuckGroup group, ProcessView view) {
        if (LeakConnections.isIdle(group)) {
            return new Place(group.start(), "", 0, first(group.creation(), "").function(), "");
        }
        Frame site = view.userCode().line(group.place()).orElseGet(() -> first(group.place(), group.start()));
        Frame born = view.userCode().line(group.creation()).orElseGet(() -> first(group.creation(), ""));
        Frame line = site.line() > 0 ? site : born;
        return new Place(site.function(), line.file(), line.line(), born.function(), "");
    }

    private static Frame first(Stack stack, String otherwise) {
        return stack.frames().stream()
                .filter(f -> !f.function().startsWith("runtime."))
                .findFirst()
                .orElse(new Frame(otherwise, "", 0));
    }

    /** Two groups that have one identity (the lines differ): one judgement, of the longer wait, with both counts. */
    private static Judgement merge(Judgement a, Judgement b) {
        boolean aWorse = a.durationNs() > b.durationNs()
                || a.durationNs() == b.durationNs() && a.summary().compareTo(b.summary()) <= 0;
        Judgement worse = aWorse ? a : b;
        long count = a.count() + b.count();
        return new Judgement(
                worse.kind(),
                worse.place(),
                "",
                count >= CRITICAL_COUNT ? Severity.CRITICAL : worse.severity(),
                a.confidence().compareTo(b.confidence()) >= 0 ? a.confidence() : b.confidence(),
                count,
                Math.min(a.firstSeenNs(), b.firstSeenNs()),
                Math.max(a.lastSeenNs(), b.lastSeenNs()),
                worse.durationNs(),
                worse.summary(),
                worse.evidence(),
                worse.cause(),
                worse.advice());
    }

    private static Advice advice(StuckGroup group) {
        String fix = LeakAdvice.fix(group);
        return Judgement.advice(
                fix,
                "The trace slice in go tool trace (goroutine analysis), and the goroutine profile; goroutineleak where the build has it.",
                Kind.GOROUTINE_LEAK);
    }
}
