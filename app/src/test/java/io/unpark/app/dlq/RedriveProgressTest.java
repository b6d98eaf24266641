package io.unpark.app.dlq;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.TreeSet;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class RedriveProgressTest {
    static LongStream seeds() {
        return LongStream.range(0, 200);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void itRemembersExactlyWhatWasMarkedOverCommits(long seed) {
        Random random = new Random(seed);
        long begin = random.nextInt(5);
        RedriveProgress progress = new RedriveProgress(begin);
        TreeSet<Long> marked = new TreeSet<>();
        for (int i = 0; i < 30; i++) {
            long from = begin + random.nextInt(60);
            long to = from + random.nextInt(6);
            progress.mark(from, to);
            LongStream.rangeClosed(from, to).forEach(marked::add);
            progress = RedriveProgress.of(progress.next(), progress.metadata());
        }

        for (long offset = begin; offset < begin + 70; offset++) {
            assertThat(progress.isDone(offset)).as("offset %d", offset).isEqualTo(marked.contains(offset));
        }
        assertThat(marked.contains(progress.next())).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"unpark1:", "unpark1:x", "unpark1:9-3", "unpark1:1-2-3,7", "something else", "unpark1:-5"})
    void whatIsNoProgressOfOursTellsOfNone(String metadata) {
        RedriveProgress progress = RedriveProgress.of(5, metadata);

        assertThat(progress.next()).isEqualTo(5);
        assertThat(progress.isDone(4)).isTrue();
        assertThat(progress.isDone(6)).isFalse();
    }

    @Test
    void itKnowsWhenItIsTooScatteredToBeCommitted() {
        RedriveProgress progress = new RedriveProgress(0);
        for (long offset = 1; progress.fits(); offset += 2) {
            progress.mark(offset, offset);
        }

        assertThat(progress.metadata().length()).isBetween(RedriveProgress.MAX_TEXT, RedriveProgress.MAX_TEXT + 10);
    }
}
