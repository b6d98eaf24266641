package io.unpark.analysis.detect;

import static org.assertj.core.api.Assertions.assertThat;

import io.unpark.analysis.Samples;
import io.unpark.analysis.model.Severity;
import io.unpark.analysis.model.Stack;
import java.util.List;
import org.junit.jupiter.api.Test;

class GoroutineSurgeTest {
    private static final long MS = Views.MS;
    private static final Stack CREATION = Samples.stack("main.serve /src/serve.go:20");
    private static final Stack PLACE =
            Samples.stack("runtime.gopark /go/proc.go:1", "net.(*conn).Read /go/net.go:2", "main.ask /src/ask.go:8");

    private static Surge surge(long alive, Stack creation, Stack place) {
        return new Surge("main.ask", creation, alive, 4, 6 * MS, 1_700 * MS, 3_400 * MS, place, "network", alive - 10);
    }

    private static List<Judgement> judge(Surge surge) {
        Views view = Views.process();
        view.surges = List.of(surge);
        return new GoroutineSurge().judge(view.build());
    }

    @Test
    void namesWhereTheyWaitAndWhoStartedThem() {
        // When
        List<Judgement> found = judge(surge(600, CREATION, PLACE));
        // Then
        assertThat(found).hasSize(1);
        Judgement judgement = found.get(0);
        assertThat(judgement.place().site()).isEqualTo("main.ask");
        assertThat(judgement.place().line()).isEqualTo(8);
        assertThat(judgement.place().creationSite()).isEqualTo("main.serve");
        assertThat(judgement.count()).isEqualTo(600);
        assertThat(judgement.severity()).isEqualTo(Severity.WARNING);
        assertThat(judgement.summary()).contains("600 goroutines", "at most 4", "6 ms", "1.7 s", "network");
    }

    @Test
    void aThousandAreCritical() {
        // When
        List<Judgement> found = judge(surge(1_000, CREATION, PLACE));
        // Then
        assertThat(found).extracting(Judgement::severity).containsExactly(Severity.CRITICAL);
    }

    @Test
    void runningOnesAreNamedByTheirCreation() {
        // When
        List<Judgement> found = judge(surge(600, CREATION, Stack.EMPTY));
        // Then
        assertThat(found).extracting(j -> j.place().site()).containsExactly("main.serve");
    }

    @Test
    void whatNoLineOfTheUsersStartedIsALibrarysMatter() {
        // Given: the watcher that net/http starts beside each handler
        Stack library = Samples.stack("net/http.(*conn).serve /go/server.go:1");
        // When
        List<Judgement> found = judge(surge(600, library, library));
        // Then
        assertThat(found).isEmpty();
    }

    @Test
    void aLeakSaysMore() {
        // Given
        Groups leak = Groups.sending().members(3);
        Views view = Views.stuck(leak.build());
        view.surges = List.of(surge(600, leak.creation, PLACE));
        // When
        List<Judgement> leaks = new GoroutineLeak().judge(view.build());
        List<Judgement> found = new GoroutineSurge().judge(view.build());
        // Then
        assertThat(leaks).hasSize(1);
        assertThat(found).isEmpty();
    }
}
