package io.unpark.trace;

import static org.assertj.core.api.Assertions.assertThat;

import io.unpark.testkit.GoProgram;
import io.unpark.testkit.GoTool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * The programs with which the Go toolchain tests its tracer, recorded on the spot by the installed Go: every run is
 * another interleaving, and Go's reader and this one tell the same events of it.
 */
class RecordedProgramsTest {
    /** All programs in all variants when 1 (about two minutes); else each program in one of them. */
    private static final boolean ALL = Integer.getInteger("unpark.corpus.every", 8) == 1;

    /** How the toolchain's own tests vary the runtime; all of them with its cheap check of stacks. */
    private enum Variant {
        DEFAULT(""),
        /** A generation ends as soon as the one before did. */
        STRESS(",traceadvanceperiod=0"),
        ASYNC_PREEMPT_OFF(",asyncpreemptoff=1"),
        /** The experiment's events and batches. */
        ALLOC_FREE(",traceallocfree=1");

        final String godebug;

        Variant(String flags) {
            this.godebug = "tracecheckstackownership=1" + flags;
        }

        /** All, or in turn, so that the longest runs are the short variants'. */
        static List<Variant> chosen(int program) {
            return ALL ? List.of(values()) : List.of(values()[(program + 1) % values().length]);
        }
    }

    @TestFactory
    Stream<DynamicTest> asGo() throws IOException {
        Optional<GoTool> go = GoTool.find();
        if (go.isEmpty()) {
            return Skipped.because(GoTool.ABSENT);
        }
        Path folder = go.get().root().resolve("src/internal/trace/testdata/testprog");
        if (!Files.isDirectory(folder)) {
            return Skipped.because("the Go toolchain comes without its test programs: " + folder);
        }
        try (Stream<Path> files = Files.list(folder)) {
            List<Path> programs = files.filter(file -> file.toString().endsWith(".go"))
                    .sorted()
                    .toList();
            assertThat(programs).isNotEmpty();
            return IntStream.range(0, programs.size())
                    .mapToObj(i -> test(go.get(), programs.get(i), Variant.chosen(i)));
        }
    }

    private static DynamicTest test(GoTool go, Path program, List<Variant> variants) {
        return DynamicTest.dynamicTest(program.getFileName() + " " + variants, () -> check(go, program, variants));
    }

    private static void check(GoTool go, Path source, List<Variant> variants) throws IOException {
        if (source.getFileName().toString().startsWith("cgo-") && !go.hasCgo()) {
            Skipped.now(source.getFileName() + " needs a C compiler");
        }
        try (GoProgram program = GoProgram.build(go, source)) {
            for (Variant variant : variants) {
                check(go, program, variant);
            }
        }
    }

    private static void check(GoTool go, GoProgram program, Variant variant) throws IOException {
        // Given
        byte[] trace = program.stdout(Map.of("GODEBUG", variant.godebug));

        // When
        Decoded decoded = Decoded.of(trace);

        // Then
        GoTool.Result expected = go.parsedTrace(trace);
        assertThat(expected.exit()).as(expected.stderr()).isZero();
        assertThat(decoded.failure()).as(variant.name()).isNull();
        assertThat(SameEvents.difference(expected.stdout(), decoded.dump()))
                .as(variant.name())
                .isEmpty();
        if (ALL) {
            report(program.name() + " " + variant, trace, decoded);
        }
    }

    private static void report(String what, byte[] trace, Decoded decoded) {
        long events =
                decoded.dump().lines().filter(line -> line.startsWith("M=")).count();
        System.out.println(what + ": " + trace.length + " bytes, " + events + " events: same as Go's");
    }
}
