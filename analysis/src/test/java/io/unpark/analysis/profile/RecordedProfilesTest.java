package io.unpark.analysis.profile;

import static org.assertj.core.api.Assertions.assertThat;

import io.unpark.analysis.model.Anomaly;
import io.unpark.analysis.model.Confidence;
import io.unpark.analysis.model.Severity;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Profiles of profiled.go by Go 1.26, built with GOEXPERIMENT=goroutineleakprofile: five of each kind, four seconds apart. */
class RecordedProfilesTest {
    private static final long SECOND_NS = 1_000_000_000L;
    private static final long START_NS = 1_795_000_000L * SECOND_NS;

    @Test
    void whatIsProvenIsCertainAtTheLine() {
        Desk desk = new Desk();

        give(desk, "leaky", "goroutineleak", 4);

        assertThat(desk.anomalies().keySet())
                .containsExactly(
                        "goroutine_leak main.(*server).watch.func1 < main.(*server).watch",
                        "goroutine_leak main.awaitDone < ");
        Anomaly watch = desk.anomalies().get("goroutine_leak main.(*server).watch.func1 < main.(*server).watch");
        assertThat(watch.confidence()).isEqualTo(Confidence.CERTAIN);
        assertThat(watch.severity()).isEqualTo(Severity.CRITICAL);
        assertThat(watch.count()).isEqualTo(200);
        assertThat(watch.place().line()).isEqualTo(66);
        assertThat(watch.firstSeenNs()).isEqualTo(START_NS + 4 * SECOND_NS);
        assertThat(watch.lastSeenNs()).isEqualTo(START_NS + 20 * SECOND_NS);
        assertThat(watch.evidence().values())
                .containsEntry("rule", "proven")
                .containsEntry("wait_reason", "chan receive")
                .containsEntry("profile_count", 200L);
        assertThat(watch.advice().fix()).startsWith("Nobody will send or close.");
    }

    @Test
    void memoryThatIsKeptIsShownAtItsAllocation() {
        Desk desk = new Desk();

        give(desk, "leaky", "heap", 4);

        assertThat(desk.anomalies().keySet()).containsExactly("heap_growth main.(*cache).put < ");
        Anomaly kept = desk.anomalies().get("heap_growth main.(*cache).put < ");
        assertThat(kept.confidence()).isEqualTo(Confidence.LIKELY);
        assertThat(kept.place().line()).isEqualTo(25);
        assertThat(kept.summary())
                .isEqualTo("Memory in use that main.(*cache).put allocated grew from 20 MiB to 100 MiB"
                        + " over 5 profiles in 16 s.");
    }

    @Test
    void goroutinesThatGrowAreLikely() {
        Desk desk = new Desk();

        give(desk, "leaky", "goroutine", 60);

        assertThat(desk.anomalies().keySet())
                .containsExactly(
                        "goroutine_leak main.(*server).quote.func1 < main.(*server).quote",
                        "goroutine_leak main.(*server).watch.func1 < main.(*server).watch",
                        "goroutine_leak main.awaitDone < ");
        assertThat(desk.anomalies().values()).allMatch(it -> it.confidence() == Confidence.LIKELY && it.count() == 200);
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 60, 600})
    void theHealthyTwinIsSilent(int secondsApart) {
        Desk desk = new Desk();

        give(desk, "healthy", "goroutineleak", secondsApart);
        give(desk, "healthy", "goroutine", secondsApart);
        give(desk, "healthy", "heap", secondsApart);

        assertThat(desk.said).isEmpty();
    }

    private static void give(Desk desk, String program, String kind, int secondsApart) {
        for (int i = 1; i <= 5; i++) {
            String name = program + "/orders." + kind + "." + i;
            desk.profile(name, START_NS + i * secondsApart * SECOND_NS, Desk.recorded(name));
        }
    }
}
