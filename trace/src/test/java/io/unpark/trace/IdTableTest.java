package io.unpark.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IdTableTest {

    @ParameterizedTest
    @ValueSource(ints = {8, 200, 100_000})
    void doesWhatAMapDoes(int ids) {
        // Given
        Random random = new Random(5);
        Goroutines table = new Goroutines();
        Map<Long, Goroutine> expected = new HashMap<>();
        for (int i = 0; i < 300_000; i++) {
            long id = random.nextInt(ids);

            // When
            if (!expected.containsKey(id)) {
                expected.put(id, table.add(id, Goroutine.RUNNING));
            } else if (random.nextBoolean()) {
                table.remove(expected.remove(id));
            } else if (i % 50_000 == 0) {
                table.clear();
                expected.clear();
            }

            // Then
            if (table.find(id) != expected.get(id)) {
                fail("step %d: not the object of id %d", i, id);
            }
        }
        assertThat(table.size()).isEqualTo(expected.size());
        expected.forEach((id, goroutine) -> assertThat(goroutine.id()).isEqualTo(id));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 5_000})
    void whatWasFoundBeforeMayBeAnotherByNow(int others) {
        // Given
        Goroutines table = new Goroutines();
        Goroutine before = table.add(7, Goroutine.RUNNING);
        table.remove(before);

        // When: its object is used again
        for (int id = 100; id < 100 + others; id++) {
            table.add(id, Goroutine.WAITING);
        }

        // Then
        assertThat(before.id()).isNotEqualTo(7);
        assertThat(table.find(7, before)).isNull();
        assertThat(table.find(before.id(), before)).isSameAs(before);
        assertThat(table.find(IdTable.NO_ID, null)).isNull();
    }
}
