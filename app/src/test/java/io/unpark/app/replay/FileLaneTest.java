package io.unpark.app.replay;

import static org.assertj.core.api.Assertions.assertThat;

import io.unpark.app.analyze.FileMeter;
import io.unpark.app.analyze.Input;
import io.unpark.app.analyze.InputFinder;
import io.unpark.app.console.Progress;
import io.unpark.testkit.Corpus;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FileLaneTest {
    private static final long SECOND_NS = 1_000_000_000L;

    private static List<Long> times(TimeRange range) throws IOException {
        Path orders = Corpus.demoTraces().stream()
                .filter(it -> it.endsWith(Path.of("leak", "orders.trace.xz")))
                .findFirst()
                .orElseThrow();
        Progress quiet = new Progress(new PrintWriter(Writer.nullWriter()), false, 0, System::nanoTime);
        List<Input> inputs =
                InputFinder.find(List.of(orders), List.of(), Map.of()).inputs();
        List<Long> times = new ArrayList<>();
        try (FileLane lane = new FileLane(inputs, new FileMeter(quiet), range)) {
            assertThat(lane.beginUnixNs()).isPositive();
            for (Moment next = lane.next(); next != null; next = lane.next()) {
                times.add(next.unixNs());
            }
            assertThat(lane.outcomes()).singleElement().satisfies(it -> {
                assertThat(it.isRefused()).isFalse();
                assertThat(it.analysed()).isEqualTo(times.size());
            });
        }
        return times;
    }

    @Test
    void generationsHaveTheTimesOfTheTraceAndTheRangeCutsBetweenThem() throws IOException {
        List<Long> all = times(TimeRange.ALL);

        assertThat(all).hasSize(6).isSorted();
        for (int i = 1; i < all.size(); i++) {
            assertThat(all.get(i) - all.get(i - 1)).isBetween(SECOND_NS / 100, 2 * SECOND_NS);
        }
        assertThat(times(new TimeRange(all.get(1), all.get(3)))).containsExactly(all.get(1), all.get(2));
        assertThat(times(new TimeRange(0, all.get(0)))).isEmpty();
    }
}
