package io.unpark.analysis.instance;

import static org.assertj.core.api.Assertions.assertThat;

import io.unpark.analysis.Samples;
import io.unpark.analysis.model.Stack;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class ServedPlacesTest {
    private static final Stack JOB = Samples.stack("main.work /src/main.go:10");
    private static final Stack COMMIT = Samples.stack("main.work /src/main.go:14");

    @Test
    void aRoundBySeveralPlacesIsServedAtEach() {
        ServedPlaces served = new ServedPlaces();
        for (int i = 0; i < 3; i++) {
            served.served(JOB, 7);
            served.served(COMMIT, 8);
        }

        assertThat(served.at(JOB)).isEqualTo(3);
        assertThat(served.at(COMMIT)).isEqualTo(3);
        assertThat(served.at(Samples.stack("main.other /src/main.go:1"))).isZero();
        assertThat(served.by()).isEqualTo(8);
    }

    @Test
    void holdsNoMoreThanItsPlaces() {
        ServedPlaces served = new ServedPlaces();
        for (int line = 1; line <= 40; line++) {
            served.served(Samples.stack("main.work /src/main.go:" + line), 7);
        }

        assertThat(served.at(Samples.stack("main.work /src/main.go:1"))).isEqualTo(1);
        assertThat(served.at(Samples.stack("main.work /src/main.go:40"))).isZero();
    }

    @Test
    void anEarlierCaptureAddsToIt() {
        ServedPlaces before = new ServedPlaces();
        before.served(JOB, 7);
        ServedPlaces now = new ServedPlaces();
        now.served(JOB, 9);

        now.addAll(before, UnaryOperator.identity());

        assertThat(now.at(JOB)).isEqualTo(2);
        assertThat(now.by()).isEqualTo(9);
    }
}
