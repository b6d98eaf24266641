package io.unpark.ingest.scrape;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class ScheduleTest {
    private static final long MINUTE_MS = 60_000;

    private final Schedule schedule = new Schedule(MINUTE_MS, 0.1, new SplittableRandom(1));

    @Test
    void manyNewTargetsAreSpreadOverTheFirstTwoSeconds() {
        // When a thousand targets come at once
        long[] hits = new long[10];
        for (int i = 0; i < 1_000; i++) {
            long first = schedule.first(5_000, ("shop http://10.0.0." + i + ":6060trace").hashCode());
            assertThat(first).isBetween(5_000L, 6_999L);
            hits[(int) (first - 5_000) / 200]++;
        }

        // Then each fifth of a second has its share
        assertThat(hits).doesNotContain(0).hasSize(10);
        assertThat(Arrays.stream(hits).max().orElseThrow()).isLessThan(200);
    }

    @Test
    void jitterDoesNotAddUp() {
        // Given a plan that is followed for a day
        long plannedMs = 0;
        for (int i = 0; i < 1_440; i++) {
            long dueMs = schedule.moved(plannedMs);
            assertThat(dueMs - plannedMs).isBetween(-6_000L, 6_000L);
            plannedMs = schedule.next(plannedMs, dueMs + 5_000);
        }

        // Then it is where it was
        assertThat(plannedMs).isEqualTo(1_440 * MINUTE_MS);
    }

    @Test
    void timesThatPassedAreLeftOut() {
        assertThat(schedule.next(0, 10 * MINUTE_MS + 1)).isEqualTo(11 * MINUTE_MS);
    }

    @Test
    void pausesGrowUpToTenMinutes() {
        // When something fails again and again
        // Then it is tried less and less, but never given up
        assertThat(schedule.later(0, 1)).isBetween(45_000L, 75_000L);
        assertThat(schedule.later(0, 3)).isBetween(180_000L, 300_000L);
        assertThat(schedule.later(0, 1_000)).isBetween(450_000L, 750_000L);
    }
}
