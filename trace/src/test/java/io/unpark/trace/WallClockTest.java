package io.unpark.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Random;
import org.junit.jupiter.api.Test;

class WallClockTest {
    private static final long SECOND = 1_000_000_000L;

    @Test
    void aSnapshotIsExactWhereItWasTaken() throws IOException {
        // Given
        byte[] trace = Golden.of("go125_clock_snapshot").trace();
        TraceEvent.Sync second = TraceEvents.open(ByteBuffer.wrap(trace)).stream()
                .filter(TraceEvent.Sync.class::isInstance)
                .map(TraceEvent.Sync.class::cast)
                .skip(1)
                .findFirst()
                .orElseThrow();

        // When
        WallClock clock = WallClock.of(second.clock().orElseThrow());

        // Then
        assertThat(clock.unixNs(300)).isEqualTo(1_740_755_050L * SECOND);
        assertThat(clock.errorNs(300)).isZero();
        assertThat(clock.unixNs(402)).isEqualTo(1_740_755_050L * SECOND + 102);
    }

    @Test
    void theErrorGrowsAwayFromTheClock() {
        // Given
        WallClock clock = WallClock.of(new ClockSnapshot(5 * SECOND, 0, 1_700_000_000L * SECOND));

        // When, Then: 500 millionths, both ways
        assertThat(clock.errorNs(6 * SECOND)).isEqualTo(500_000);
        assertThat(clock.errorNs(4 * SECOND)).isEqualTo(500_000);
    }

    @Test
    void aCapturesClockIsAsGoodAsItsBoundSays() {
        Random random = new Random(20261123);
        for (int i = 0; i < 10_000; i++) {
            // Given: a true offset, and a capture around the events by that offset
            long offsetNs = random.nextLong(1_700_000_000L * SECOND);
            long firstNs = random.nextLong(1_000_000 * SECOND);
            long lastNs = firstNs + random.nextLong(600 * SECOND);
            long beginUnixNs = firstNs + offsetNs - random.nextLong(3 * SECOND);
            long endUnixNs = lastNs + offsetNs + random.nextLong(3 * SECOND);

            // When
            WallClock clock = WallClock.ofCapture(beginUnixNs, endUnixNs, firstNs, lastNs);

            // Then
            assertThat(Math.abs(clock.unixNs(firstNs) - (firstNs + offsetNs)))
                    .isLessThanOrEqualTo(clock.errorNs(firstNs));
            assertThat(Math.abs(clock.unixNs(lastNs) - (lastNs + offsetNs))).isLessThanOrEqualTo(clock.errorNs(lastNs));
            assertThat(clock.errorNs(firstNs)).isLessThan(4 * SECOND);
        }
    }

    @Test
    void aCaptureShorterThanItsEventsIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> WallClock.ofCapture(0, SECOND, 0, 2 * SECOND))
                .withMessageContaining("cannot come from a capture of 1000000000 ns");
    }

    @Test
    void aDriftOfTheWallClockIsNoContradiction() {
        // Given: by the wall clock, which was slowed down, the capture was shorter than its events
        WallClock clock = WallClock.ofCapture(SECOND, 11 * SECOND - 1_000_000, 0, 10 * SECOND);

        // When, Then
        assertThat(clock.unixNs(0)).isBetween(SECOND - clock.errorNs(0), SECOND + clock.errorNs(0));
        assertThat(clock.errorNs(0)).isBetween(1_000_000L, 10_000_000L);
    }
}
