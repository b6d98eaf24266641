package io.unpark.analysis.instance;

import static org.assertj.core.api.Assertions.assertThat;

import io.unpark.analysis.instance.SlowestRequests.Ended;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SlowestRequestsTest {
    private static final long MS = 1_000_000L;
    private static final long MINUTE_NS = 60_000 * MS;
    private static final int FEW = 3;

    private final SlowestRequests slowest = new SlowestRequests();
    private long nextLocal = 1;

    private Ended ended(String route, long endNs, long durationMs) {
        OpenRequest request = new OpenRequest(nextLocal++, 7, OpenRequest.Source.HTTP, 0);
        request.endNs = durationMs * MS;
        return new Ended(request, route, endNs);
    }

    private List<Long> marked(Ended... generation) {
        slowest.mark(List.of(generation), FEW);
        return Arrays.stream(generation)
                .filter(e -> e.request().slowest)
                .map(e -> e.durationNs() / MS)
                .toList();
    }

    @Test
    void theFewSlowestOfAGenerationAreMarked() {
        assertThat(marked(
                        ended("GET /a", 1, 5),
                        ended("GET /a", 2, 80),
                        ended("GET /a", 3, 20),
                        ended("GET /a", 4, 7),
                        ended("GET /b", 5, 1)))
                .containsExactly(80L, 20L, 7L, 1L);
    }

    @Test
    void laterInTheMinuteOnlyWhatTookLongerIsMarked() {
        // Given
        marked(ended("GET /a", 1, 50), ended("GET /a", 2, 60), ended("GET /a", 3, 70));
        // Then
        assertThat(marked(ended("GET /a", 4, 49), ended("GET /a", 5, 50))).isEmpty();
        assertThat(marked(ended("GET /a", 6, 65), ended("GET /a", 7, 55))).containsExactly(65L);
        assertThat(marked(ended("GET /a", 8, 60))).isEmpty();
    }

    @Test
    void theNextMinuteBeginsAfresh() {
        // Given
        marked(ended("GET /a", 1, 500), ended("GET /a", 2, 500), ended("GET /a", 3, 500));
        // When one generation holds the end of a minute and the beginning of the next
        List<Long> marked = marked(ended("GET /a", MINUTE_NS + 1, 2), ended("GET /a", MINUTE_NS - 1, 499));
        // Then
        assertThat(marked).containsExactly(2L);
        assertThat(marked(ended("GET /a", 2 * MINUTE_NS - 1, 1))).containsExactly(1L);
    }

    @Test
    void theOrderWithinAGenerationDoesNotMatter() {
        for (long seed = 0; seed < 200; seed++) {
            // Given
            Random random = new Random(seed);
            List<Ended> generation = new ArrayList<>();
            for (int i = 0; i < 30; i++) {
                long endNs = random.nextBoolean() ? 1 : MINUTE_NS;
                generation.add(ended("GET /" + random.nextInt(2), endNs, 1 + random.nextInt(6)));
            }
            // When
            List<Boolean> oneWay = mark(generation, generation);
            List<Ended> shuffled = new ArrayList<>(generation);
            Collections.shuffle(shuffled, random);
            List<Boolean> otherWay = mark(shuffled, generation);
            // Then
            assertThat(otherWay).as("seed %d", seed).isEqualTo(oneWay);
        }
    }

    private static List<Boolean> mark(List<Ended> order, List<Ended> asked) {
        asked.forEach(e -> e.request().slowest = false);
        new SlowestRequests().mark(order, FEW);
        return asked.stream().map(e -> e.request().slowest).toList();
    }

    @Test
    void tooManyRoutesAreNotKept() {
        for (int i = 0; i < SlowestRequests.MAX_ROUTES; i++) {
            marked(ended("GET /" + i, 1, 5));
        }
        assertThat(marked(ended("GET /one-more", 1, 5))).isEmpty();
        assertThat(marked(ended("GET /7", 1, 6))).containsExactly(6L);
    }
}
