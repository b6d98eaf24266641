package io.unpark.trace;

import static org.assertj.core.api.Assertions.assertThat;

import io.unpark.testkit.GoTool;
import io.unpark.testkit.TextArchive;
import io.unpark.testkit.TraceText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The installed Go toolchain's own test traces: what its reader accepts or refuses, this one does too. */
class ToolchainTracesTest {

    @TestFactory
    Stream<DynamicTest> asTheToolchain() throws IOException {
        Optional<GoTool> go = GoTool.find();
        if (go.isEmpty()) {
            return Skipped.because(GoTool.ABSENT);
        }
        Path folder = go.get().root().resolve("src/internal/trace/testdata/tests");
        if (!Files.isDirectory(folder)) {
            return Skipped.because("the Go toolchain comes without its test traces: " + folder);
        }
        try (Stream<Path> files = Files.list(folder)) {
            List<Path> tests = files.filter(file -> file.toString().endsWith(".test"))
                    .sorted()
                    .toList();
            assertThat(tests).isNotEmpty();
            return tests.stream()
                    .map(file -> DynamicTest.dynamicTest(file.getFileName().toString(), () -> check(go.get(), file)));
        }
    }

    private static void check(GoTool go, Path file) throws IOException {
        // Given
        TextArchive archive = TextArchive.parse(Files.readString(file));
        byte[] trace = TraceText.assemble(archive.section("trace"));

        // When
        Decoded decoded = Decoded.of(trace);

        // Then
        GoTool.Result expected = go.parsedTrace(trace);
        if (archive.section("expect").startsWith("SUCCESS")) {
            assertThat(decoded.failure()).isNull();
            assertThat(expected.exit()).isZero();
            assertThat(SameEvents.difference(expected.stdout(), decoded.dump())).isEmpty();
        } else {
            assertThat(decoded.failure()).isNotNull();
            assertThat(expected.exit()).isNotZero();
        }
    }
}
