package io.unpark.analysis.instance;

import static org.assertj.core.api.Assertions.assertThat;

import io.unpark.analysis.InstanceFeed;
import io.unpark.analysis.OneCpu;
import io.unpark.analysis.Samples;
import io.unpark.analysis.config.AnalysisConfig;
import io.unpark.analysis.detect.Pause;
import io.unpark.analysis.model.Finding;
import io.unpark.analysis.model.Kind;
import io.unpark.analysis.model.Stack;
import io.unpark.trace.TraceFormatException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class StopTheWorldTest {
    private static final String ASKER = "runtime.Stack@/go/mprof.go:1704<main.dump@/src/dump.go:34";

    @Test
    void aTracesLongPauseNamesWhoAskedForIt() throws TraceFormatException {
        // Given
        OneCpu cpu = new OneCpu()
                .at(100)
                .raw("STWBegin kind_string=\"all goroutines stack trace\" stack=" + ASKER)
                .at(130)
                .raw("STWEnd")
                .at(900);
        InstanceFeed feed = new InstanceFeed(Samples.instance("orders-1"), AnalysisConfig.DEFAULTS);
        List<Finding> found = new ArrayList<>();
        // When
        feed.takeAll("c1", cpu.generations()).forEach(output -> found.addAll(output.findings()));
        // Then
        assertThat(found).singleElement().satisfies(finding -> {
            assertThat(finding.kind()).isEqualTo(Kind.STW_PAUSE);
            assertThat(finding.place().site()).isEqualTo("main.dump");
            assertThat(finding.durationNs()).isBetween(30 * OneCpu.MS - 10, 30 * OneCpu.MS + 10);
            assertThat(finding.evidence().values()).containsEntry("stopped_for", "all goroutines stack trace");
        });
    }

    @Test
    void ofThousandsTheLongestAreKeptAndAllAreSummed() {
        // Given
        StopTheWorld world = new StopTheWorld();
        world.beginGeneration();
        // When
        long nowNs = 0;
        for (int i = 1; i <= 1_000; i++) {
            world.begin("read mem stats", Stack.EMPTY, nowNs);
            nowNs += i * 1_000L;
            world.end(nowNs, () -> 0);
        }
        // Then
        assertThat(world.byKindNs()).containsEntry("read mem stats", 500_500_000L);
        assertThat(world.longest()).hasSize(32).extracting(Pause::lengthNs).endsWith(999_000L, 1_000_000L);
        assertThat(world.windowMaxNs()).isEqualTo(1_000_000);
    }

    @Test
    void theLastToStopIsRemembered() {
        // Given
        StopTheWorld world = new StopTheWorld();
        world.beginGeneration();
        Stack copy = Samples.stack("main.bigCopy /src/copy.go:9");
        // When
        world.begin("GC sweep termination", Stack.EMPTY, 0);
        world.stopped(Samples.stack("main.quick /src/q.go:1"), 1_000);
        world.stopped(copy, 9_000_000);
        world.end(10_000_000, () -> 7);
        // Then
        assertThat(world.longest())
                .containsExactly(new Pause("GC sweep termination", 10_000_000, 9_000_000, Stack.EMPTY, copy, 7));
    }
}
