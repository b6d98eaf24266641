package io.unpark.analysis.order;

import static org.assertj.core.api.Assertions.assertThat;

import io.unpark.analysis.order.Arrival.Fate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/**
 * Whatever the order within the bound, with duplicates, in parts, with generations missing, several captures at once, and a
 * restart after each chunk: each capture's generations are judged in their order, each once. {@code -Dunpark.seed=N} runs one
 * seed again.
 */
class OrderPropertyTest {
    private static final int ROUNDS = 400;

    /** A chunk and when it comes, in generations. */
    private record Sent(Arrival chunk, double at) {}

    private byte[] open;
    private byte[] past;

    @Test
    void theOrderOfArrivalDoesNotMatter() {
        long first = Long.getLong("unpark.seed", System.nanoTime() & 0xffff_ffffL);
        int rounds = Long.getLong("unpark.seed") == null ? ROUNDS : 1;
        System.out.println("OrderPropertyTest: seeds " + first + " to " + (first + rounds - 1));
        for (long seed = first; seed < first + rounds; seed++) {
            check(seed, new Random(seed));
        }
    }

    private void check(long seed, Random random) {
        // Given
        int bound = 1 + random.nextInt(8);
        OrderLimits limits = new OrderLimits(bound, Long.MAX_VALUE);
        Map<String, List<Long>> expected = new TreeMap<>();
        List<Sent> sent = new ArrayList<>();
        for (int capture = 0; capture <= random.nextInt(ArrivalOrder.MAX_LANES); capture++) {
            sent.addAll(capture("c" + capture, bound, random, expected));
        }
        sent.sort(Comparator.comparingDouble(Sent::at));
        // When
        open = null;
        past = null;
        Map<String, List<Long>> judged = new TreeMap<>();
        for (Sent one : sent) {
            step(
                    limits,
                    judged,
                    order -> assertThat(order.take(one.chunk()))
                            .as("seed %d: %s", seed, one)
                            .isIn(Fate.TAKEN, Fate.DUPLICATE));
        }
        step(limits, judged, ArrivalOrder::flush);
        // Then
        expected.values().removeIf(List::isEmpty);
        assertThat(judged).as("seed %d", seed).isEqualTo(expected);
    }

    private static List<Sent> capture(String name, int bound, Random random, Map<String, List<Long>> expected) {
        long start = 1 + random.nextInt(50);
        int length = 1 + random.nextInt(30);
        boolean saysLast = random.nextBoolean();
        double began = random.nextInt(40);
        List<Sent> sent = new ArrayList<>();
        List<Long> whole = new ArrayList<>();
        for (int i = 0; i < length; i++) {
            boolean lost = random.nextInt(6) == 0;
            int parts = random.nextInt(4) == 0 ? 2 + random.nextInt(3) : 1;
            int lostPart = lost && random.nextBoolean() ? random.nextInt(parts) : -1;
            if (!lost) {
                whole.add(start + i);
            }
            for (int part = 0; part < parts; part++) {
                if (!lost || lostPart >= 0 && part != lostPart) {
                    boolean last = saysLast && i == length - 1;
                    Arrival chunk = new Arrival(name, i, start + i, part, parts, last, 1, i);
                    double at = began + i + random.nextDouble() * bound;
                    sent.add(new Sent(chunk, at));
                    // Again soon after, or long after.
                    for (int again = random.nextInt(3); again > 1; again--) {
                        sent.add(new Sent(chunk, at + random.nextDouble() * (lost ? 0 : 100)));
                    }
                }
            }
        }
        expected.put(name, whole);
        return sent;
    }

    private void step(OrderLimits limits, Map<String, List<Long>> judged, Consumer<ArrivalOrder> what) {
        ArrivalOrder order = ArrivalOrder.fromBytes(open, () -> past, limits);
        what.accept(order);
        for (Optional<Step> next = order.next(); next.isPresent(); next = order.next()) {
            if (next.get() instanceof Step.Judge judge) {
                judged.computeIfAbsent(judge.capture(), name -> new ArrayList<>())
                        .add(judge.generation());
            }
        }
        open = order.toBytes();
        order.pastToBytes().ifPresent(bytes -> past = bytes);
    }

    @Test
    void whatIsHeldIsBounded() {
        // Given: a hole for ever, and only what is allowed to be held
        Random random = new Random(1);
        OrderLimits limits = new OrderLimits(8, 1_000);
        ArrivalOrder order = ArrivalOrder.empty(limits);
        int largest = 0;
        List<Long> generations = new ArrayList<>();
        for (long generation = 2; generation < 500; generation++) {
            if (generation % 7 != 0) {
                generations.add(generation);
            }
        }
        Collections.shuffle(generations, random);
        // When
        for (long generation : generations) {
            order.take(new Arrival("c", generation - 1, generation, 0, 1, false, 100, 0));
            while (order.next().isPresent()) {
                // done
            }
            largest = Math.max(largest, order.toBytes().length);
        }
        // Then
        assertThat(largest).isLessThan(600);
    }
}
