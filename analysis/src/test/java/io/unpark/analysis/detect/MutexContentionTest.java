package io.unpark.analysis.detect;

import static org.assertj.core.api.Assertions.assertThat;

import io.unpark.analysis.Samples;
import io.unpark.analysis.detect.ProcessView.LockWaits;
import io.unpark.analysis.model.Severity;
import io.unpark.analysis.model.Stack;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class MutexContentionTest {
    private static final Stack PLACE =
            Samples.stack("sync.(*Mutex).Lock /go/mutex.go:1", "main.(*server).reserve /src/reserve.go:29");
    private static final Stack HOLDER =
            Samples.stack("sync.(*Mutex).Unlock /go/mutex.go:2", "main.(*server).reserve /src/reserve.go:32");

    /** @param severity null when nothing is said */
    private record Case(String title, LockWaits lock, Severity severity) {
        @Override
        public String toString() {
            return title;
        }
    }

    private static LockWaits lock(Stack place, long waits, long totalMs, Map<Stack, Long> holders) {
        return new LockWaits(place, waits, totalMs * Views.MS, totalMs * Views.MS / 2, waits, holders);
    }

    static List<Case> cases() {
        Map<Stack, Long> held = Map.of(HOLDER, 1L);
        Stack library = Samples.stack("sync.(*Mutex).Lock /go/mutex.go:1", "net/http.(*Transport).x /go/t.go:1");
        return List.of(
                new Case("eight waits, half a second together", lock(PLACE, 8, 500, held), Severity.WARNING),
                new Case("two goroutines wait on average", lock(PLACE, 8, 2_000, held), Severity.CRITICAL),
                new Case("seven waits, however long", lock(PLACE, 7, 5_000, held), null),
                new Case("many short waits", lock(PLACE, 10_000, 499, held), null),
                new Case("nobody ever released it: that is a leak", lock(PLACE, 8, 5_000, Map.of()), null),
                new Case("no line of the user's", lock(library, 8, 5_000, held), null));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void judges(Case c) {
        // Given
        ProcessView view = Views.process().lock(c.lock()).build();
        // When
        List<Judgement> found = new MutexContention().judge(view);
        // Then
        assertThat(found).hasSize(c.severity() == null ? 0 : 1);
        assertThat(found).allSatisfy(judgement -> {
            assertThat(judgement.severity()).isEqualTo(c.severity());
            assertThat(judgement.place().line()).isEqualTo(29);
            assertThat(judgement.cause())
                    .singleElement()
                    .satisfies(step -> assertThat(step.line()).isEqualTo(32));
            assertThat(judgement.evidence().values()).containsEntry("holder_stack", HOLDER.display());
        });
    }
}
