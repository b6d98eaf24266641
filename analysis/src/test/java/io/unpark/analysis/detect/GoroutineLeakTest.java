package io.unpark.analysis.detect;

import static org.assertj.core.api.Assertions.assertThat;

import io.unpark.analysis.Samples;
import io.unpark.analysis.model.Confidence;
import io.unpark.analysis.model.Severity;
import io.unpark.analysis.model.Stack;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a leak's judgement says; which groups are leaks is in LeakRulesTest and LeakBystandersTest. */
class GoroutineLeakTest {
    private final GoroutineLeak detector = new GoroutineLeak();

    @Test
    void namesTheLineThatWaitsAndTheOneThatCreated() {
        // Given
        ProcessView view = Views.stuck(Groups.sending().members(3).build()).build();
        // When
        List<Judgement> found = detector.judge(view);
        // Then
        assertThat(found).hasSize(1);
        Judgement leak = found.get(0);
        assertThat(leak.place().site()).isEqualTo("main.handle.func1");
        assertThat(leak.place().line()).isEqualTo(20);
        assertThat(leak.place().creationSite()).isEqualTo("main.handle");
        assertThat(leak.count()).isEqualTo(3);
        assertThat(leak.confidence()).isEqualTo(Confidence.CERTAIN);
        assertThat(leak.durationNs()).isEqualTo(Groups.NOW_NS - 500 * Groups.MS);
        assertThat(leak.firstSeenNs()).isEqualTo(leak.lastSeenNs() - leak.durationNs());
        assertThat(leak.evidence().values())
                .containsEntry("rule", "stuck_transient")
                .containsEntry("goroutines", List.of("100", "110", "120"));
        assertThat(leak.advice().fix()).contains("buffer of one");
    }

    @ParameterizedTest
    @CsvSource({"49, WARNING", "50, CRITICAL"})
    void fiftyAreCritical(int count, Severity severity) {
        // Given
        StuckGroup group = Groups.sending()
                .members(count, m -> m.createdNs = m.sinceNs = Groups.MS)
                .build();
        // When
        List<Judgement> found = detector.judge(Views.stuck(group).build());
        // Then
        assertThat(found).extracting(Judgement::severity).containsExactly(severity);
    }

    @Test
    void groupsOfOneIdentityAreOneLeakWithBothCounts() {
        // Given
        StuckGroup first = Groups.sending().members(2).build();
        StuckGroup otherLine = Groups.sending()
                .members(3)
                .with(g ->
                        g.place = Samples.stack("runtime.chansend1 /go/chan.go:1", "main.handle.func1 /src/main.go:99"))
                .build();
        // When
        List<Judgement> found = detector.judge(Views.stuck(first, otherLine).build());
        // Then
        assertThat(found).extracting(Judgement::count).containsExactly(5L);
    }

    @Test
    void oneOlderThanTheTraceLastsAtLeastSoLong() {
        // Given
        StuckGroup group = Groups.sending()
                .members(1, Groups.MemberOf::old)
                .with(g -> g.creation = Stack.EMPTY)
                .build();
        // When
        List<Judgement> found = detector.judge(Views.stuck(group).build());
        // Then
        assertThat(found).hasSize(1);
        assertThat(found.get(0).summary()).contains("older than the trace").contains("at least 10.0 s");
        assertThat(found.get(0).evidence().values()).containsEntry("longest_wait_at_least", true);
    }

    @Test
    void bystandersAreLeaksToo() {
        // Given
        StuckGroup leaked = Groups.sending().members(1).build();
        StuckGroup parent = Groups.receiving()
                .members(1, m -> m.id = 1_000)
                .with(g -> g.place = Samples.stack("main.collect /src/main.go:60"))
                .build();
        // When
        List<Judgement> found = detector.judge(Views.stuck(parent, leaked).build());
        // Then
        assertThat(found)
                .extracting(j -> j.evidence().values().get("rule"))
                .containsExactlyInAnyOrder("stuck_transient", "bystander");
    }
}
