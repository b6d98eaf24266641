package io.unpark.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LongSlotsTest {

    @ParameterizedTest
    @ValueSource(ints = {8, 200, 100_000})
    void numbersIdsAsTheyCome(int ids) {
        // Given
        Random random = new Random(5);
        LongSlots slots = new LongSlots();
        Map<Long, Integer> expected = new HashMap<>();
        for (int i = 0; i < 300_000; i++) {
            long id = random.nextInt(ids);

            // When
            if (i % 70_000 == 69_999) {
                slots.clear();
                expected.clear();
            }
            if (!expected.containsKey(id)) {
                expected.put(id, expected.size());
                slots.add(id);
            }

            // Then
            if (slots.find(id) != expected.get(id)) {
                fail("step %d: id %d is at slot %d, not %d", i, id, slots.find(id), expected.get(id));
            }
        }
        assertThat(slots.size()).isEqualTo(expected.size());
        expected.forEach((id, slot) -> assertThat(slots.id(slot)).isEqualTo(id));
        assertThat(slots.find(ids)).isEqualTo(LongSlots.ABSENT);
    }
}
