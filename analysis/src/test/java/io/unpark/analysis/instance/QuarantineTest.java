package io.unpark.analysis.instance;

import static org.assertj.core.api.Assertions.assertThat;

import io.unpark.analysis.InstanceFeed;
import io.unpark.analysis.Recordings;
import io.unpark.analysis.Recordings.Tape;
import io.unpark.analysis.config.AnalysisConfig;
import io.unpark.analysis.detect.DetectorSet;
import io.unpark.analysis.detect.Judgement;
import io.unpark.analysis.detect.ProcessDetector;
import io.unpark.analysis.detect.ProcessView;
import io.unpark.analysis.detect.RequestDetector;
import io.unpark.analysis.fault.DetectorFault;
import io.unpark.analysis.fault.DetectorFaults;
import io.unpark.analysis.model.Finding;
import io.unpark.analysis.model.Kind;
import io.unpark.analysis.model.RequestSegment;
import io.unpark.analysis.place.UserCode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A detector with a bug costs its own judgements, and the same ones whoever runs it and however often that crashes. */
class QuarantineTest {
    private static final String NAME = "broken";

    private final DetectorFaults faults = new DetectorFaults();

    /** Fails on every generation. */
    private record BrokenProcess(Kind kind) implements ProcessDetector {
        @Override
        public List<Judgement> judge(ProcessView view) {
            throw new IllegalStateException("generation of " + view.window().goroutines() + " goroutines\nand more");
        }
    }

    /** Fails on every request. */
    private record BrokenRequest(Kind kind) implements RequestDetector {
        @Override
        public List<Judgement> judge(RequestSegment segment, AnalysisConfig config, UserCode userCode) {
            return endless(0);
        }

        private static List<Judgement> endless(int depth) {
            return depth < 0 ? List.of() : endless(depth + 1);
        }
    }

    private static DetectorSet withBroken() {
        List<ProcessDetector> process = new ArrayList<>(DetectorSet.STANDARD.process());
        process.replaceAll(it -> it.kind() == Kind.GOROUTINE_LEAK ? new BrokenProcess(it.kind()) : it);
        List<RequestDetector> request = new ArrayList<>(DetectorSet.STANDARD.request());
        request.replaceAll(it -> it.kind() == Kind.WORK_AFTER_DEADLINE ? new BrokenRequest(it.kind()) : it);
        return new DetectorSet(process, request);
    }

    static Stream<Tape> tapes() {
        return Recordings.scenarios().stream().flatMap(scenario -> scenario.tapes().stream());
    }

    @ParameterizedTest
    @MethodSource("tapes")
    void theOtherDetectorsSayWhatTheyWouldHaveSaidAnyway(Tape tape) throws Exception {
        List<Finding> sound = findings(tape, DetectorSet.STANDARD, new DetectorFaults(), false);

        List<Finding> rest = findings(tape, withBroken(), faults, false);

        assertThat(rest)
                .isEqualTo(sound.stream().filter(QuarantineTest::ofOthers).toList());
        DetectorFault leak = faults.list().get(0);
        assertThat(leak.detector()).isEqualTo("goroutine_leak");
        assertThat(leak.first())
                .startsWith("IllegalStateException: generation of ")
                .doesNotContain("and more")
                .contains("QuarantineTest.java:");
    }

    private static boolean ofOthers(Finding finding) {
        return finding.kind() != Kind.GOROUTINE_LEAK && finding.kind() != Kind.WORK_AFTER_DEADLINE;
    }

    @Test
    void aJudgementThatNoRecordCanCarryIsItsDetectorsFault() throws Exception {
        List<ProcessDetector> process = new ArrayList<>(DetectorSet.STANDARD.process());
        process.replaceAll(it -> it.kind() == Kind.GOROUTINE_LEAK ? new Talkative(it) : it);

        DetectorSet detectors = new DetectorSet(process, DetectorSet.STANDARD.request());

        List<Finding> rest = new ArrayList<>();
        for (Tape tape : Recordings.scenario("leak").tapes()) {
            rest.addAll(findings(tape, detectors, faults, false));
        }

        assertThat(rest).noneMatch(finding -> finding.kind() == Kind.GOROUTINE_LEAK);
        assertThat(faults.list())
                .singleElement()
                .satisfies(fault -> assertThat(fault.first()).contains("characters, at most 150000 are taken"));
    }

    /** Says the same as another one, and much more. */
    private record Talkative(ProcessDetector other) implements ProcessDetector {
        @Override
        public Kind kind() {
            return other.kind();
        }

        @Override
        public List<Judgement> judge(ProcessView view) {
            return other.judge(view).stream()
                    .map(it -> new Judgement(
                            it.kind(),
                            it.place(),
                            it.identityRoute(),
                            it.severity(),
                            it.confidence(),
                            it.count(),
                            it.firstSeenNs(),
                            it.lastSeenNs(),
                            it.durationNs(),
                            it.summary(),
                            it.evidence().with("more", List.of("x".repeat(100_000), "y".repeat(100_000))),
                            it.cause(),
                            it.advice()))
                    .toList();
        }
    }

    @ParameterizedTest
    @MethodSource("tapes")
    void aRestartAfterEveryGenerationLeavesOutTheSame(Tape tape) throws Exception {
        DetectorFaults undisturbed = new DetectorFaults();
        List<Finding> expected = findings(tape, withBroken(), undisturbed, false);

        List<Finding> found = findings(tape, withBroken(), faults, true);

        assertThat(found).isEqualTo(expected);
        assertThat(faults.list())
                .extracting(DetectorFault::detector, DetectorFault::count, DetectorFault::skipped)
                .isEqualTo(undisturbed.list().stream()
                        .map(it -> org.assertj.core.groups.Tuple.tuple(it.detector(), it.count(), it.skipped()))
                        .toList());
    }

    private static List<Finding> findings(Tape tape, DetectorSet detectors, DetectorFaults faults, boolean restarts)
            throws Exception {
        InstanceFeed feed = new InstanceFeed(tape.instance(), AnalysisConfig.DEFAULTS, detectors, faults);
        Recordings.Generations generations = tape.generations();
        List<Finding> findings = new ArrayList<>();
        for (var generation : generations.list()) {
            feed.take("capture", generations.goMinor(), generation)
                    .ifPresent(output -> findings.addAll(output.findings()));
            if (restarts) {
                feed.restart();
            }
        }
        return findings;
    }

    @Test
    void whoFailsAgainAndAgainIsAskedLessAndLessAndNeverForgotten() {
        List<Integer> asked = asked(300, generation -> false);

        assertThat(asked).containsExactly(1, 2, 4, 8, 16, 32, 64, 128, 192, 256);
        assertThat(faults.list())
                .singleElement()
                .satisfies(it -> assertThat(it.count() + it.skipped()).isEqualTo(300));
    }

    @Test
    void oneGenerationThatGoesWellForgivesAll() {
        List<Integer> asked = asked(20, generation -> generation >= 8);

        assertThat(asked).startsWith(1, 2, 4, 8, 9, 10, 11).endsWith(19, 20);
    }

    @Test
    void oneOddRequestDoesNotSilenceItsDetector() {
        Quarantine quarantine = new Quarantine(faults);
        for (int generation = 0; generation < 10; generation++) {
            for (int request = 0; request < 20; request++) {
                boolean odd = request == 7;
                Optional<String> answer = quarantine.ask(NAME, Quarantine.MAX_REQUESTS_FAILED, () -> said(!odd));
                assertThat(answer.isPresent()).isNotEqualTo(odd);
            }
            quarantine.end();
        }

        assertThat(faults.list())
                .extracting(DetectorFault::count, DetectorFault::skipped)
                .containsExactly(org.assertj.core.groups.Tuple.tuple(10L, 0L));
    }

    private List<Integer> asked(int generations, java.util.function.IntPredicate goesWell) {
        List<Integer> asked = new ArrayList<>();
        Quarantine quarantine = new Quarantine(faults);
        for (int i = 1; i <= generations; i++) {
            int generation = i;
            quarantine.ask(NAME, 1, () -> {
                asked.add(generation);
                return said(goesWell.test(generation));
            });
            quarantine.end();
        }
        return asked;
    }

    private static String said(boolean well) {
        if (!well) {
            throw new IllegalArgumentException("odd");
        }
        return "something";
    }
}
