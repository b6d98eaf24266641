package io.unpark.trace.fuzz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** No input breaks the decoder; the rest of the search is the profile {@code fuzz}. */
class DecoderPromisesTest {
    private static final String HEAP = "-Xmx64m";
    private static final int MUTATIONS = 1_500;
    private static final int MUTATION_SECONDS = 10;
    private static final int LIMIT_SECONDS = 180;

    @TestFactory
    Stream<DynamicTest> holdFor() throws IOException {
        List<Path> regressions = Seeds.regressions();
        assertThat(regressions).isNotEmpty();
        return regressions.stream()
                .map(file -> DynamicTest.dynamicTest(file.getFileName().toString(), () -> {
                    // Given
                    byte[] input = Files.readAllBytes(file);

                    // When, Then
                    assertThatCode(() -> Targets.all(input)).doesNotThrowAnyException();
                }));
    }

    @Test
    void holdWithLittleMemory(@TempDir Path folder) throws Exception {
        // Given
        int seeds = Seeds.write(folder.resolve("seeds"));
        Path output = folder.resolve("output");
        Path findings = Path.of("target", "fuzz", "findings");

        // When
        Process java = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        HEAP,
                        "-cp",
                        System.getProperty("java.class.path"),
                        SmallHeap.class.getName(),
                        "1",
                        Integer.toString(MUTATIONS),
                        Integer.toString(MUTATION_SECONDS),
                        findings.toString(),
                        folder.resolve("seeds").toString())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        boolean ended = java.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS);
        java.destroyForcibly().waitFor();

        // Then
        String said = Files.readString(output);
        assertThat(ended).as(said).isTrue();
        assertThat(java.exitValue()).as(said).isZero();
        System.out.println(said.lines().reduce((first, last) -> last).orElseThrow() + ", " + seeds + " seeds");
    }
}
