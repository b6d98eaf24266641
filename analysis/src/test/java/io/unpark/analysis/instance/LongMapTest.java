package io.unpark.analysis.instance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LongMapTest {

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void doesWhatATreeMapDoes(long seed) {
        // Given
        Random random = new Random(seed);
        LongMap<String> map = new LongMap<>();
        Map<Long, String> model = new TreeMap<>();
        int range = 1 + random.nextInt(500);
        for (int i = 0; i < 20_000; i++) {
            long key = key(random, range);
            // When
            if (random.nextInt(5) < 3) {
                map.put(key, "v" + i);
                model.put(key, "v" + i);
            } else {
                assertThat(map.remove(key)).isEqualTo(model.remove(key));
            }
            // Then
            long other = key(random, range);
            assertThat(map.get(other)).isEqualTo(model.get(other));
            assertThat(map.size()).isEqualTo(model.size());
        }
        assertThat(map.sortedKeys())
                .containsExactly(
                        model.keySet().stream().mapToLong(Long::longValue).toArray());
    }

    /** Near each other, and at the ends. */
    private static long key(Random random, int range) {
        long near = random.nextInt(range);
        return switch (random.nextInt(4)) {
            case 0 -> Long.MAX_VALUE - near;
            case 1 -> Long.MIN_VALUE + near;
            default -> near - 3;
        };
    }
}
