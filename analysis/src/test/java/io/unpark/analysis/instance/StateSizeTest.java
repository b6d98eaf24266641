package io.unpark.analysis.instance;

import static org.assertj.core.api.Assertions.assertThat;

import io.unpark.analysis.InstanceFeed;
import io.unpark.analysis.OneCpu;
import io.unpark.analysis.Recordings.Generations;
import io.unpark.analysis.Samples;
import io.unpark.analysis.config.AnalysisConfig;
import io.unpark.trace.TraceFormatException;
import org.junit.jupiter.api.Test;

/** A process with 100,000 parked goroutines: the state stays small, and what did nothing is not written again. */
class StateSizeTest {
    private static final int PARKED = 100_000;

    /** Of those; the others are older than the trace. */
    private static final int CREATED = 30_000;

    private static final long MAX_BYTES = 5_000_000;
    private static final String PLACE = "runtime.chanrecv1@/go/chan.go:2<main.serve.func1@/src/main.go:20";

    @Test
    void parkedGoroutinesAreWrittenOnceAndSmall() throws TraceFormatException {
        // Given
        OneCpu cpu = new OneCpu().at(1_000_000); // a process that has been up for a quarter of an hour
        for (long id = 2; id < CREATED + 2; id++) {
            cpu.create(id, "main.serve.func1@/src/main.go:19", "main.serve@/src/main.go:18<main.main@/src/main.go:5");
        }
        cpu.block("select", "main.main@/src/main.go:6");
        for (long id = 2; id < PARKED + 2; id++) {
            if (id < CREATED + 2) {
                cpu.run(id).block("chan receive", PLACE);
            } else {
                cpu.waiting(id, PLACE);
            }
        }
        cpu.generation().at(1_001_000).wake(1, "").run(1).block("select", "main.main@/src/main.go:6");
        Generations tape = cpu.generations();
        InstanceFeed feed = new InstanceFeed(Samples.instance("orders-1"), AnalysisConfig.DEFAULTS);
        feed.take("c1", tape.goMinor(), tape.list().get(0));
        long firstBytes = feed.storedBytes();
        long startNs = System.nanoTime();
        // When
        InstanceOutput second =
                feed.take("c1", tape.goMinor(), tape.list().get(1)).orElseThrow();
        // Then
        long tookMs = (System.nanoTime() - startNs) / 1_000_000;
        long dirtyBytes =
                feed.lastDirty().stream().mapToLong(page -> page.bytes().length).sum();
        System.out.printf(
                "StateSizeTest: %d goroutines are %d bytes; a quiet generation took %d ms and wrote %d bytes in %d pages%n",
                PARKED, firstBytes, tookMs, dirtyBytes, feed.lastDirty().size());
        assertThat(second.window().goroutines()).isEqualTo(PARKED + 1);
        assertThat(feed.lastDirty())
                .filteredOn(page -> page.kind().equals("g"))
                .extracting(StatePage::number)
                .containsExactly(0L); // goroutine 1, which did something, is of that page
        assertThat(firstBytes).isLessThan(MAX_BYTES);
        assertThat(feed.storedBytes()).isLessThan(MAX_BYTES);
        assertThat(dirtyBytes).isLessThan(50_000);
    }
}
