package io.unpark.analysis.detect;

import static org.assertj.core.api.Assertions.assertThat;

import io.unpark.analysis.Samples;
import io.unpark.analysis.model.Severity;
import io.unpark.analysis.model.Stack;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SchedLatencyTest {
    private static final long MS = Views.MS;
    private static final Stack HOG = Samples.stack("main.crunch /src/crunch.go:7", "main.main /src/main.go:3");

    /** @param severity null when nothing is said */
    private record Case(String title, Views view, Severity severity) {
        @Override
        public String toString() {
            return title;
        }
    }

    static List<Case> cases() {
        return List.of(
                new Case(
                        "one in fifty waits 17 ms while the CPUs are busy",
                        Views.process().ready(196, 1_000).ready(4, 17 * MS),
                        Severity.WARNING),
                new Case("70 ms is critical", Views.process().ready(196, 1_000).ready(4, 70 * MS), Severity.CRITICAL),
                new Case(
                        "one or two slow wake-ups",
                        Views.process().ready(300, 1_000).ready(2, 70 * MS),
                        null),
                new Case("too few samples", Views.process().ready(199, 70 * MS), null),
                new Case(
                        "the CPUs idle: the delay comes from outside the process",
                        Views.process().busy(1_300).ready(200, 70 * MS),
                        null),
                new Case("below the limit", Views.process().ready(200, 4 * MS), null));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void judges(Case c) {
        // Given
        Views view = c.view();
        view.hogs = Map.of(HOG, 900 * MS, Samples.stack("main.small /src/s.go:1"), 10 * MS);
        // When
        List<Judgement> found = new SchedLatency().judge(view.build());
        // Then
        assertThat(found).hasSize(c.severity() == null ? 0 : 1);
        assertThat(found).allSatisfy(judgement -> {
            assertThat(judgement.severity()).isEqualTo(c.severity());
            assertThat(judgement.place().site()).isEqualTo("main.crunch");
            assertThat(judgement.evidence().values()).containsEntry("ran_instead_ns", 900 * MS);
        });
    }

    @ParameterizedTest
    @MethodSource("cases")
    void withoutAHogItIsTheProcess(Case c) {
        // Given
        ProcessView view = c.view().build();
        // When
        List<Judgement> found = new SchedLatency().judge(view);
        // Then
        assertThat(found)
                .allSatisfy(judgement -> assertThat(judgement.place().site()).isEqualTo("process"));
    }
}
