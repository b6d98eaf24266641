package io.unpark.sink.consume;

import static org.assertj.core.api.Assertions.assertThat;

import io.unpark.analysis.model.ChunkRef;
import java.util.List;
import org.junit.jupiter.api.Test;

class SlicePlanTest {
    @Test
    void takesTheNewestRunWithoutAGap() {
        List<ChunkRef> run =
                SlicePlan.newestFirst(List.of(ref(10, "c", 1), ref(11, "c", 2), ref(14, "c", 4), ref(15, "c", 5)));

        assertThat(run).extracting(ChunkRef::generation).containsExactly(5L, 4L);
    }

    @Test
    void neverMixesCapturesOrPartitions() {
        List<ChunkRef> run = SlicePlan.newestFirst(
                List.of(ref(10, "before", 4), new ChunkRef("t", 9, 3, "c", 4), ref(12, "c", 6), ref(11, "c", 5)));

        assertThat(run).containsExactly(ref(12, "c", 6), ref(11, "c", 5));
    }

    @Test
    void namesAGenerationOfSeveralPartsOnceByItsFirst() {
        assertThat(SlicePlan.newestFirst(List.of(ref(12, "c", 1), ref(10, "c", 1), ref(11, "c", 1))))
                .containsExactly(ref(10, "c", 1));
    }

    private static ChunkRef ref(long offset, String capture, long generation) {
        return new ChunkRef("t", 0, offset, capture, generation);
    }
}
