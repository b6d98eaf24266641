package io.unpark.analysis.detect;

import static org.assertj.core.api.Assertions.assertThat;

import io.unpark.analysis.Samples;
import io.unpark.analysis.model.Severity;
import io.unpark.analysis.model.Stack;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The process was busy for 1,000 of 2,000 ms unless the case says otherwise. */
class GcPressureTest {
    private static final Stack ALLOCATES = Samples.stack("runtime.mallocgc /go/m.go:1", "main.rows /src/report.go:39");

    /** @param severity null when nothing is said */
    private record Case(String title, Views view, Severity severity) {
        @Override
        public String toString() {
            return title;
        }
    }

    private static Views busy() {
        return Views.process().busy(1_000);
    }

    static List<Case> cases() {
        return List.of(
                new Case("a quarter of the CPU time used", busy().gc(3, 250, 0), Severity.WARNING),
                new Case("half of it", busy().gc(3, 460, 40), Severity.CRITICAL),
                new Case("just less than a quarter", busy().gc(30, 249, 0), null),
                new Case("requests assist for a twentieth", busy().gc(10, 100, 50), Severity.WARNING),
                new Case("for less than that", busy().gc(10, 100, 49), null),
                new Case("one forced collection, or two", busy().gc(2, 400, 100), null),
                new Case(
                        "a process that idles: its share says nothing",
                        Views.process().busy(99).gc(5, 60, 10),
                        null));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void judges(Case c) {
        // Given
        Views view = c.view();
        view.assists = Map.of(ALLOCATES, 30 * Views.MS, Samples.stack("main.other /src/o.go:1"), Views.MS);
        // When
        List<Judgement> found = new GcPressure().judge(view.build());
        // Then
        assertThat(found).hasSize(c.severity() == null ? 0 : 1);
        assertThat(found).allSatisfy(judgement -> {
            assertThat(judgement.severity()).isEqualTo(c.severity());
            assertThat(judgement.place().site()).isEqualTo("main.rows");
            assertThat(judgement.place().line()).isEqualTo(39);
        });
    }
}
