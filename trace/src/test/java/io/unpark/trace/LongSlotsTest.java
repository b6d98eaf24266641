package io.unpark.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LongSlotsTest {

    @ParameterizedTest
    @ValueSource(ints = {8, 200, 100_000})
    void doesWhatAMapDoes(int ids) {
        // Given
        Random random = new Random(5);
        LongSlots slots = new LongSlots();
        Map<Long, Integer> expected = new HashMap<>();
        for (int i = 0; i < 300_000; i++) {
            long id = random.nextInt(ids);

            // When
            if (!expected.containsKey(id)) {
                expected.put(id, slots.add(id));
            } else if (random.nextBoolean()) {
                slots.remove(expected.remove(id));
            }

            // Then
            if (slots.find(id) != expected.getOrDefault(id, LongSlots.ABSENT)) {
                fail("step %d: id %d is at slot %d, not %d", i, id, slots.find(id), expected.get(id));
            }
        }
        assertThat(slots.size()).isEqualTo(expected.size());
        Set<Long> found = new HashSet<>();
        for (int slot = 0; slot < slots.bound(); slot++) {
            if (slots.id(slot) != LongSlots.NO_ID) {
                found.add(slots.id(slot));
            }
        }
        assertThat(found).isEqualTo(expected.keySet());
    }
}
