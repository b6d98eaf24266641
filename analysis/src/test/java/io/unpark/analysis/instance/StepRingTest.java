package io.unpark.analysis.instance;

import static org.assertj.core.api.Assertions.assertThat;

import io.unpark.analysis.Samples;
import io.unpark.analysis.model.HopKind;
import io.unpark.analysis.model.Stack;
import org.junit.jupiter.api.Test;

class StepRingTest {
    private static final Stack HERE = Samples.stack("main.f /src/main.go:1");

    private static StepRing withWaits(int n) {
        StepRing steps = new StepRing();
        for (int i = 0; i < n; i++) {
            steps.add(HopKind.WAITING, 100L * i, 100L * i + 100, HERE, "select", "", i, Stack.EMPTY);
        }
        return steps;
    }

    @Test
    void keepsWhatFits() {
        // When
        StepRing steps = withWaits(StepRing.CAPACITY);
        // Then
        assertThat(steps.size()).isEqualTo(StepRing.CAPACITY);
        assertThat(steps.fromNs(0)).isZero();
        assertThat(steps.isMixed(0)).isFalse();
    }

    @Test
    void coversTheWholePastTheMoreCoarselyTheOlder() {
        // When
        StepRing steps = withWaits(10 * StepRing.CAPACITY);
        // Then
        assertThat(steps.size()).isEqualTo(StepRing.CAPACITY);
        assertThat(steps.fromNs(0)).isZero();
        assertThat(steps.isMixed(0)).isTrue();
        for (int i = 1; i < steps.size(); i++) {
            assertThat(steps.fromNs(i)).isEqualTo(steps.toNs(i - 1));
        }
    }

    @Test
    void theLongerOfTwoThatBecomeOneIsDescribed() {
        // Given
        StepRing steps = new StepRing();
        steps.add(HopKind.SYSCALL, 0, 5_000, HERE, "", "", -1, Stack.EMPTY);
        steps.add(HopKind.WAITING, 5_000, 5_100, HERE, "select", "", 3, Stack.EMPTY);
        // When
        steps.coarsen(1);
        // Then
        assertThat(steps.size()).isEqualTo(1);
        assertThat(steps.kind(0)).isEqualTo(HopKind.SYSCALL);
        assertThat(steps.toNs(0)).isEqualTo(5_100);
    }

    @Test
    void whatGoesOnIsOneStep() {
        // Given
        StepRing steps = new StepRing();
        // When
        steps.add(HopKind.RUNNING, 0, 100, HERE, "", "", -1, Stack.EMPTY);
        steps.add(HopKind.RUNNING, 100, 250, HERE, "", "", -1, Stack.EMPTY);
        // Then
        assertThat(steps.size()).isEqualTo(1);
        assertThat(steps.toNs(0)).isEqualTo(250);
    }

    @Test
    void forgetsWhatEndedBefore() {
        // Given
        StepRing steps = withWaits(5);
        // When
        steps.forgetUntil(250);
        // Then
        assertThat(steps.size()).isEqualTo(3);
        assertThat(steps.fromNs(0)).isEqualTo(200);
    }
}
