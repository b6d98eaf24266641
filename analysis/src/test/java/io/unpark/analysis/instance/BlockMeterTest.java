package io.unpark.analysis.instance;

import static org.assertj.core.api.Assertions.assertThat;

import io.unpark.analysis.model.Frame;
import io.unpark.analysis.model.Stack;
import io.unpark.analysis.model.StackProfile;
import java.util.List;
import org.junit.jupiter.api.Test;

class BlockMeterTest {
    private static final long MS = 1_000_000;

    private final BlockMeter meter = new BlockMeter(new StackTable());

    @Test
    void whatIsLeftOutIsSummed() {
        // Given
        meter.beginGeneration();
        long allNs = 0;
        for (int i = 0; i < 2 * StackProfile.MAX_ENTRIES; i++) {
            wait("main.f" + i, (i + 1) * MS);
            allNs += (i + 1) * MS;
        }
        // When
        List<StackProfile.Entry> entries = meter.entries();
        // Then
        assertThat(entries).hasSize(StackProfile.MAX_ENTRIES);
        assertThat(entries.get(0).stack().frames().get(0).function()).isEqualTo("main.f999");
        long keptNs = entries.stream().mapToLong(StackProfile.Entry::blockedNs).sum();
        assertThat(keptNs + meter.otherNs()).isEqualTo(allNs);
    }

    @Test
    void aSampleWeighsAsMuchAsTheTimeThatItStandsFor() {
        // Given: more places than are told, each of which waited for 20 ms; and 3 samples of one place, 30 ms
        meter.beginGeneration();
        for (int i = 0; i < 2 * StackProfile.MAX_ENTRIES; i++) {
            wait("main.f" + i, 20 * MS);
        }
        Stack hot = stack("main.hot");
        Stack cold = stack("main.cold");
        meter.sampled(null, hot);
        meter.sampled(null, hot);
        meter.sampled(null, hot);
        meter.sampled(null, cold);
        // When
        List<StackProfile.Entry> entries = meter.entries();
        // Then
        assertThat(entries.get(0)).isEqualTo(new StackProfile.Entry("", "cpu", hot, 3, 0));
        assertThat(entries).noneMatch(entry -> entry.stack().equals(cold));
        assertThat(meter.otherSamples()).isEqualTo(1);
    }

    private void wait(String function, long ns) {
        Goroutine g = new Goroutine(1);
        g.reason = "select";
        g.blocked = stack(function);
        meter.waited(g, ns);
    }

    private static Stack stack(String function) {
        return new Stack(List.of(new Frame(function, "main.go", 7)));
    }
}
