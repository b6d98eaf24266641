package io.unpark.analysis.order;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.unpark.analysis.codec.CodecException;
import io.unpark.analysis.order.Arrival.Fate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ArrivalOrderTest {
    private static final int BOUND = 3;
    private static final OrderLimits LIMITS = new OrderLimits(BOUND, 100);

    private ArrivalOrder order = ArrivalOrder.empty(LIMITS);

    private static Arrival generation(String capture, long first, long generation) {
        return new Arrival(capture, generation - first, generation, 0, 1, false, 1, generation);
    }

    private static Arrival end(String capture, long first, long generation) {
        return new Arrival(capture, generation - first, generation, 0, 1, true, 1, generation);
    }

    private static Arrival part(String capture, long generation, int part, int parts) {
        return new Arrival(capture, generation - 1, generation, part, parts, false, 1, generation * 10 + part);
    }

    /** What is due, in short. */
    private List<String> due() {
        List<String> steps = new ArrayList<>();
        for (Optional<Step> next = order.next(); next.isPresent(); next = order.next()) {
            Step step = next.get();
            if (step instanceof Step.Judge judge) {
                steps.add(judge.capture() + judge.generation() + "@" + judge.lane());
            } else if (step instanceof Step.Missing missing) {
                steps.add("-" + missing.capture() + missing.from() + "x" + missing.count()
                        + (missing.forced() ? "!" : ""));
            } else if (step instanceof Step.GiveUp gone) {
                steps.add("?" + gone.capture() + gone.generation() + (gone.forced() ? "!" : ""));
            } else if (step instanceof Step.CloseLane closed) {
                steps.add("close@" + closed.lane());
            }
        }
        byte[] open = order.toBytes();
        byte[] past = order.pastToBytes().orElse(pastBytes);
        pastBytes = past;
        order = ArrivalOrder.fromBytes(open, () -> past, LIMITS);
        return steps;
    }

    private byte[] pastBytes;

    private List<String> take(Arrival arrival) {
        assertThat(order.take(arrival)).as("%s", arrival).isEqualTo(Fate.TAKEN);
        return due();
    }

    @Test
    void whatComesInOrderIsDueAtOnceAndNothingIsHeld() {
        assertThat(take(generation("a", 1, 1))).containsExactly("a1@0");
        assertThat(take(generation("a", 1, 2))).containsExactly("a2@0");
        assertThat(order.isHolding()).isFalse();
    }

    @Test
    void aCaptureMayBeginWithAnyGeneration() {
        assertThat(take(generation("a", 70, 71))).isEmpty();
        assertThat(take(generation("a", 70, 70))).containsExactly("a70@0", "a71@0");
    }

    @Test
    void withoutASequenceNumberItIsNotKnownWhetherSomethingCameBefore() {
        assertThat(take(generation("a", 0, 70))).isEmpty();
        assertThat(take(generation("a", 0, 68))).isEmpty();
        assertThat(take(generation("a", 0, 71))).containsExactly("a68@0");
        assertThat(take(generation("a", 0, 69)))
                .as("nobody knows of a missing one")
                .containsExactly("a69@0", "a70@0", "a71@0");
    }

    @Test
    void theBoundIsCountedInGenerations() {
        take(generation("a", 1, 1));
        assertThat(take(generation("a", 1, 3))).isEmpty();
        assertThat(take(generation("a", 1, 4))).isEmpty();
        assertThat(take(generation("a", 1, 5))).as("2 may still come").isEmpty();
        assertThat(take(generation("a", 1, 6))).containsExactly("-a2x1", "a3@0", "a4@0", "a5@0", "a6@0");
        assertThat(order.take(generation("a", 1, 2))).isEqualTo(Fate.LATE);
        assertThat(order.take(generation("a", 1, 3))).isEqualTo(Fate.DUPLICATE);
    }

    @Test
    void aLongHoleIsDeclaredAsFarAsItIsCertain() {
        take(generation("a", 1, 1));
        assertThat(take(generation("a", 1, 100))).containsExactly("-a2x95");
        assertThat(take(generation("a", 1, 97))).as("97 is within the bound").containsExactly("a97@0");
        assertThat(take(generation("a", 1, 102))).containsExactly("-a98x1");
    }

    @Test
    void duplicatesOfWhatIsHeldChangeNothing() {
        take(generation("a", 1, 2));
        assertThat(order.take(generation("a", 1, 2))).isEqualTo(Fate.DUPLICATE);
        assertThat(take(generation("a", 1, 1))).containsExactly("a1@0", "a2@0");
    }

    @Test
    void capturesDoNotWaitForEachOther() {
        take(generation("a", 1, 1));
        assertThat(take(generation("a", 1, 3))).isEmpty();
        assertThat(take(generation("b", 1, 1))).containsExactly("b1@1");
        assertThat(take(generation("a", 1, 2))).containsExactly("a2@0", "a3@0");
        assertThat(take(generation("b", 1, 2))).containsExactly("b2@1");
    }

    @Test
    void aWholeCaptureLeavesItsLaneToTheNext() {
        take(generation("a", 1, 1));
        assertThat(take(end("a", 1, 3))).isEmpty();
        assertThat(take(generation("a", 1, 2))).containsExactly("a2@0", "a3@0");
        assertThat(take(generation("b", 4, 4))).containsExactly("b4@0");
        assertThat(order.take(generation("a", 1, 2))).isEqualTo(Fate.DUPLICATE);
        assertThat(order.take(generation("a", 1, 4))).as("after its end").isEqualTo(Fate.LATE);
    }

    @Test
    void tooManyOpenCapturesCloseTheOneThatWasSilentForLongest() {
        for (int i = 0; i < ArrivalOrder.MAX_LANES; i++) {
            take(generation("c" + i, 1, 1));
        }
        take(generation("c1", 1, 3));
        take(generation("c0", 1, 2));
        take(generation("c2", 1, 2));
        take(generation("c3", 1, 2));

        assertThat(take(generation("d", 1, 1))).containsExactly("-c12x1!", "c13@1", "close@1", "d1@4");

        assertThat(order.take(generation("c1", 1, 2))).isEqualTo(Fate.LATE);
        assertThat(take(generation("c1", 1, 4))).as("it goes on").containsExactly("close@0", "c14@1");
    }

    @Test
    void endOfInputLetsEverythingGo() {
        take(generation("a", 1, 3));
        take(part("b", 1, 0, 2));
        take(generation("b", 1, 2));
        order.flush();
        assertThat(due()).containsExactly("-a1x2!", "a3@0", "?b1!", "b2@1");
        assertThat(order.isHolding()).isFalse();
        assertThat(take(generation("a", 1, 5))).as("as before").isEmpty();
    }

    @Test
    void tooManyHeldBytesEndTheWait() {
        take(generation("a", 1, 2));
        take(generation("b", 1, 2));
        Arrival large = new Arrival("a", 2, 3, 0, 1, false, 99, 0);
        assertThat(take(large)).containsExactly("-a1x1!", "a2@0", "a3@0");
        assertThat(order.isHolding()).as("b waits on").isTrue();
    }

    @Test
    void partsMayComeInAnyOrderAndTheWholeCounts() {
        assertThat(take(part("a", 1, 1, 2))).isEmpty();
        assertThat(order.take(part("a", 1, 1, 2))).isEqualTo(Fate.DUPLICATE);
        assertThat(order.take(part("a", 1, 2, 3))).isEqualTo(Fate.CONTRADICTION);
        assertThat(take(part("a", 2, 0, 1))).isEmpty();
        assertThat(take(part("a", 1, 0, 2))).containsExactly("a1@0", "a2@0");
    }

    @Test
    void aGenerationWhosePartsDoNotComeIsGivenUp() {
        take(part("a", 1, 1, 2));
        take(part("a", 4, 0, 1));
        assertThat(take(part("a", 5, 0, 1))).containsExactly("?a1");
        assertThat(order.take(part("a", 1, 0, 2))).isEqualTo(Fate.LATE);
    }

    @Test
    void aRefusedGenerationMayComeAgainButIsNotWaitedFor() {
        order.take(generation("a", 1, 1));
        Step.Judge judged = (Step.Judge) order.next().orElseThrow();
        order.refused(judged);
        assertThat(take(generation("a", 1, 1))).containsExactly("a1@0");

        order.take(generation("a", 1, 2));
        order.refused((Step.Judge) order.next().orElseThrow());
        assertThat(take(generation("a", 1, 3))).containsExactly("a3@0");
        assertThat(order.take(generation("a", 1, 2))).isEqualTo(Fate.LATE);
    }

    @Test
    void damageIsTold() {
        take(generation("a", 1, 2));
        byte[] bytes = order.toBytes();
        bytes[0] = 99;
        assertThatThrownBy(() -> ArrivalOrder.fromBytes(bytes, () -> null, LIMITS))
                .isInstanceOf(CodecException.class)
                .hasMessageContaining("version 99");
    }
}
