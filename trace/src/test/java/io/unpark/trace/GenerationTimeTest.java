package io.unpark.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.unpark.testkit.Corpus;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the frames tell is what the decoder tells. */
class GenerationTimeTest {
    private static final class Clocks implements EventVisitor {
        private ClockSnapshot clock;
        private long firstNs = Long.MIN_VALUE;

        @Override
        public void generationBegin(GenerationTables generation) {
            clock = generation.clock();
        }

        @Override
        public void proc(EventContext at, long proc, ProcState from, ProcState to) {
            firstNs = firstNs == Long.MIN_VALUE ? at.timeNs() : firstNs;
        }
    }

    @Test
    void isTheDecodersClockInEveryRecording() throws Exception {
        List<Path> traces = new ArrayList<>(Corpus.demoTraces());
        Corpus.traces().stream().limit(12).forEach(traces::add);
        for (Path trace : traces) {
            try (GenerationSplitter splitter = GenerationSplitter.open(Corpus.open(trace))) {
                int goMinor = splitter.header().goMinor();
                for (RawGeneration raw = splitter.next(); raw != null; raw = splitter.next()) {
                    Clocks decoded = new Clocks();
                    new GenerationDecoder(goMinor, TraceLimits.defaults()).decode(raw, decoded);

                    GenerationTime time =
                            GenerationTime.of(goMinor, raw.bytes()).orElseThrow();

                    assertThat(time.clock().orElse(null)).as("%s", trace).isEqualTo(decoded.clock);
                    assertThat(time.beginNs()).as("%s", trace).isLessThanOrEqualTo(decoded.firstNs);
                    assertThat(decoded.firstNs - time.beginNs()).as("%s", trace).isLessThan(2_000_000_000L);
                }
            }
        }
    }

    @Test
    void isEmptyWhereTheClockIsNotThere() throws Exception {
        assertThat(GenerationTime.of(26, ByteBuffer.allocate(0))).isEmpty();
    }

    @Test
    void whatIsNoBatchIsRefused() {
        assertThatThrownBy(() -> GenerationTime.of(26, ByteBuffer.wrap(new byte[] {99, 1, 2})))
                .isInstanceOf(TraceFormatException.class);
    }
}
