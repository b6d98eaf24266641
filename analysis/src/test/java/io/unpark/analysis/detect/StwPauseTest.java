package io.unpark.analysis.detect;

import static org.assertj.core.api.Assertions.assertThat;

import io.unpark.analysis.Samples;
import io.unpark.analysis.model.Severity;
import io.unpark.analysis.model.Stack;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class StwPauseTest {
    private static final long MS = Views.MS;
    private static final String SWEEP = "GC sweep termination";
    private static final Stack ASKER = Samples.stack("runtime.Stack /go/mprof.go:1704", "main.dump /src/dump.go:34");
    private static final Stack RUNNER = Samples.stack("runtime.memmove /go/m.s:1", "main.bigCopy /src/copy.go:9");

    /** @param site null when nothing is said */
    private record Case(String title, Pauses pauses, String site, Severity severity) {
        @Override
        public String toString() {
            return title;
        }
    }

    private static Pause pause(String kind, long ms, long stoppingMs) {
        return new Pause(kind, ms * MS, stoppingMs * MS, ASKER, stoppingMs > 0 ? RUNNER : Stack.EMPTY, 3);
    }

    /** Shortest first; the sum is theirs. */
    private static Pauses pauses(Pause... list) {
        long sumNs = List.of(list).stream().mapToLong(Pause::lengthNs).sum();
        return new Pauses(List.of(list), Map.of(list[0].kind(), sumNs));
    }

    static List<Case> cases() {
        return List.of(
                new Case(
                        "all stacks, 12 ms",
                        pauses(pause("all goroutines stack trace", 12, 0)),
                        "main.dump",
                        Severity.WARNING),
                new Case(
                        "all stacks, 80 ms",
                        pauses(pause("all goroutines stack trace", 80, 0)),
                        "main.dump",
                        Severity.CRITICAL),
                new Case("9 ms are below the limit", pauses(pause("all goroutines stack trace", 9, 0)), null, null),
                new Case(
                        "many short ones take a tenth of the time",
                        new Pauses(List.of(pause("read mem stats", 1, 0)), Map.of("read mem stats", 110 * MS)),
                        "main.dump",
                        Severity.WARNING),
                new Case(
                        "many short ones take less",
                        new Pauses(List.of(pause("read mem stats", 1, 0)), Map.of("read mem stats", 90 * MS)),
                        null,
                        null),
                new Case(
                        "one long stop by the collector may be the machine's", pauses(pause(SWEEP, 20, 0)), null, null),
                new Case("two are not", pauses(pause(SWEEP, 11, 0), pause(SWEEP, 12, 0)), "process", Severity.WARNING),
                new Case(
                        "two, for which one goroutine did not stop",
                        pauses(pause(SWEEP, 11, 10), pause(SWEEP, 12, 11)),
                        "main.bigCopy",
                        Severity.WARNING),
                new Case("one of 60 ms", pauses(pause(SWEEP, 60, 0)), "process", Severity.CRITICAL),
                new Case("tracing's own", pauses(pause("start trace", 80, 0)), null, null),
                new Case("none", Pauses.NONE, null, null));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void judges(Case c) {
        // Given
        Views view = Views.process();
        view.pauses = c.pauses();
        // When
        List<Judgement> found = new StwPause().judge(view.build());
        // Then
        assertThat(found).hasSize(c.site() == null ? 0 : 1);
        assertThat(found).allSatisfy(judgement -> {
            assertThat(judgement.place().site()).isEqualTo(c.site());
            assertThat(judgement.severity()).isEqualTo(c.severity());
            assertThat(judgement.evidence().values()).containsEntry("open_requests", 3L);
        });
    }
}
