package io.unpark.trace;

import java.util.Arrays;

/**
 * Sequence numbers by slot: the runtime counts certain events of each goroutine and P, so that their order is known
 * whatever the timestamps say. They count anew in each generation.
 */
final class Sequence {
    private long[] numbers = new long[64];
    private long[] generations = new long[64];

    void set(int slot, long generation, long number) {
        if (slot >= numbers.length) {
            int capacity = Math.max(slot + 1, 2 * numbers.length);
            numbers = Arrays.copyOf(numbers, capacity);
            generations = Arrays.copyOf(generations, capacity);
        }
        numbers[slot] = number;
        generations[slot] = generation;
    }

    boolean isNext(int slot, long generation, long number) {
        return numbers[slot] + 1 == number && generations[slot] == generation;
    }

    long number(int slot) {
        return numbers[slot];
    }
}
