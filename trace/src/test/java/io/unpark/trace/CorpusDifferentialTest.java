package io.unpark.trace;

import static org.assertj.core.api.Assertions.assertThat;

import io.unpark.testkit.Corpus;
import io.unpark.testkit.GoTool;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Recordings of real processes, the corpus's and the demo's, give the events that Go's reader gives. */
class CorpusDifferentialTest {
    /** A sample is enough here: set to 1 to compare all recordings (a few minutes). */
    private static final int EVERY = Integer.getInteger("unpark.corpus.every", 8);

    @TestFactory
    Stream<DynamicTest> asGo() throws IOException {
        return Corpus.traces().isEmpty() ? Skipped.because(Corpus.ABSENT) : sample(Corpus.traces());
    }

    @TestFactory
    Stream<DynamicTest> demoAsGo() throws IOException {
        return sample(Corpus.demoTraces());
    }

    private static Stream<DynamicTest> sample(List<Path> traces) {
        Optional<GoTool> go = GoTool.find();
        if (go.isEmpty()) {
            return Skipped.because(GoTool.ABSENT);
        }
        return IntStream.range(0, traces.size())
                .filter(i -> i % EVERY == 0)
                .mapToObj(traces::get)
                .map(file -> DynamicTest.dynamicTest(name(file), () -> check(go.get(), file)));
    }

    private static String name(Path file) {
        return file.getParent().getFileName() + "/" + file.getFileName();
    }

    private static void check(GoTool go, Path file) throws IOException {
        // Given
        byte[] trace = Corpus.read(file);

        // When
        Decoded decoded = Decoded.of(trace);

        // Then
        assertThat(decoded.failure()).isNull();
        assertThat(SameEvents.difference(go.parsedTrace(trace).stdout(), decoded.dump()))
                .isEmpty();
    }
}
