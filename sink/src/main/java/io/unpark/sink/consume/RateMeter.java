package io.unpark.sink.consume;

import java.time.Clock;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Counts by name over the last minute, in slots of five seconds. Safe for use by several threads. */
final class RateMeter {
    private static final long SLOT_MS = 5_000;
    private static final int SLOTS = 12;

    private static final class Slots {
        final long[] numbers = new long[SLOTS];
        final long[] counts = new long[SLOTS];
    }

    private final Clock clock;
    private final Map<String, Slots> slotsByName = new TreeMap<>();

    RateMeter(Clock clock) {
        this.clock = clock;
    }

    synchronized void add(String name, long count) {
        Slots slots = slotsByName.computeIfAbsent(name, n -> new Slots());
        long number = clock.millis() / SLOT_MS;
        int i = (int) (number % SLOTS);
        if (slots.numbers[i] != number) {
            slots.numbers[i] = number;
            slots.counts[i] = 0;
        }
        slots.counts[i] += count;
    }

    synchronized Map<String, Double> perSecond() {
        long oldest = clock.millis() / SLOT_MS - SLOTS + 1;
        return slotsByName.entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, entry -> sum(entry.getValue(), oldest), (a, b) -> a, TreeMap::new));
    }

    private static double sum(Slots slots, long oldest) {
        long total = 0;
        for (int i = 0; i < SLOTS; i++) {
            total += slots.numbers[i] >= oldest ? slots.counts[i] : 0;
        }
        return total / (SLOTS * SLOT_MS / 1000.0);
    }
}
