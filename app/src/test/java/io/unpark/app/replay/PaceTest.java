package io.unpark.app.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.unpark.app.console.UserError;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** By a clock that only waiting moves. */
class PaceTest {
    private static final long START_NS = 1_790_000_000_000_000_000L;
    private static final long SECOND_NS = 1_000_000_000L;

    private final List<Duration> waits = new ArrayList<>();
    private long nowNs = -77;

    private Pace pace(String speed) {
        return Pace.of(speed, () -> nowNs, wait -> {
            waits.add(wait);
            nowNs += wait.toNanos();
            return false;
        });
    }

    @Test
    void asRecordedWaitsTheTimeBetweenTheEvents() throws InterruptedException {
        Pace pace = pace("1");

        for (long atNs : new long[] {0, 2 * SECOND_NS, 3 * SECOND_NS}) {
            assertThat(pace.await(START_NS + atNs)).isTrue();
        }

        assertThat(waits).containsExactly(Duration.ZERO, Duration.ofSeconds(2), Duration.ofSeconds(1));
    }

    @Test
    void tenTimesAsFastWaitsATenthAndMakesUpForWhatTookLong() throws InterruptedException {
        Pace pace = pace("10");

        pace.await(START_NS);
        nowNs += SECOND_NS; // sending the first took long
        pace.await(START_NS + 5 * SECOND_NS);
        pace.await(START_NS + 20 * SECOND_NS);

        assertThat(waits).containsExactly(Duration.ZERO, Duration.ZERO, Duration.ofSeconds(1));
    }

    @Test
    void nothingWaitsAtMostNorForWhatHasNoTime() throws InterruptedException {
        Pace max = pace("max");
        Pace one = pace("1");

        max.await(START_NS);
        max.await(START_NS + 3600 * SECOND_NS);
        one.await(Moment.TIMELESS);

        assertThat(waits).containsOnly(Duration.ZERO);
    }

    @Test
    void whoIsAskedToEndIsTold() throws InterruptedException {
        Pace asked = Pace.of("max", () -> 0, wait -> true);

        assertThat(asked.await(START_NS)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-1", "fast", "NaN", "", "1e300"})
    void otherSpeedsAreAMistake(String speed) {
        assertThatThrownBy(() -> pace(speed)).isInstanceOf(UserError.class).hasMessageContaining("--speed");
    }
}
