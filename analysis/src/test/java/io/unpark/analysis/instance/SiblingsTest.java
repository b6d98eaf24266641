package io.unpark.analysis.instance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The bounds only save time: found are the same as by looking at all. */
class SiblingsTest {
    private static final long MOMENT_NS = 1_000;

    private static List<Goroutine> children(int n, long apartNs, Random random) {
        List<Goroutine> children = new ArrayList<>();
        for (int i = 0; i < n; i++) {
            Goroutine g = new Goroutine(i);
            // Mostly in order; some numbers were given out later, and of some the birth is not known any more.
            g.createdNs = 1 + apartNs * i + (random.nextInt(20) == 0 ? random.nextInt(200_000) : random.nextInt(50));
            if (random.nextInt(100) == 0) {
                g.createdNs = Goroutine.UNKNOWN_NS;
            }
            children.add(g);
        }
        return children;
    }

    private static List<Goroutine> byLookingAtAll(Goroutine g, List<Goroutine> children) {
        return children.stream()
                .filter(s -> s != g && Math.abs(s.createdNs - g.createdNs) <= MOMENT_NS)
                .limit(64)
                .toList();
    }

    @Test
    void findsTheFirstOfTheMoment() {
        Random random = new Random(7);
        for (int n : new int[] {0, 1, 2, 63, 64, 65, 700, 9_000}) {
            for (long apartNs : new long[] {0, 1, 40, 3_000}) {
                // Given
                List<Goroutine> children = children(n, apartNs, random);
                Siblings siblings = new Siblings(MOMENT_NS);
                for (int i = 0; i < n; i += 1 + n / 100) {
                    Goroutine g = children.get(i);
                    if (g.created()) {
                        // When
                        List<Goroutine> found = siblings.of(g, children);
                        // Then
                        assertThat(found).isEqualTo(byLookingAtAll(g, children));
                    }
                }
            }
        }
    }
}
