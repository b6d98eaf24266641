package io.unpark.trace;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.spi.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** This room alone is enough: the README's program runs with its classes and the JDK, which are all they need. */
class StandAloneTest {
    private static final Pattern PROGRAM = Pattern.compile("`Waits.java`:\n```java\n(.*?)```\n", Pattern.DOTALL);

    @TempDir
    Path folder;

    @Test
    void theReadmesProgramWorks() throws Exception {
        // Given: the text as it stands there, and a trace
        Matcher readme = PROGRAM.matcher(Files.readString(Path.of("README.md")));
        assertThat(readme.find()).isTrue();
        Path program = Files.writeString(folder.resolve("Waits.java"), readme.group(1));
        Path trace = Files.write(
                folder.resolve("orders.trace"),
                Golden.of("go122_sequence_beats_clock").trace());

        // When
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        Process process = new ProcessBuilder(
                        java.toString(), "-cp", classes().toString(), program.toString(), trace.toString())
                .redirectErrorStream(true)
                .start();
        String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        // Then
        assertThat(process.waitFor()).as(printed).isZero();
        assertThat(printed)
                .isEqualTo("154 ns: goroutine 1 waits for chan receive"
                        + "[StackFrame[pc=4098, function=main.main, file=/src/main.go, line=11]]\n");
    }

    /** Their machinery takes longer to start than a small recording to read: twenty milliseconds for the first of them. */
    @Test
    void readsWithoutLambdasAndConcatenations() throws Exception {
        // Given: a trace with pauses of the world, as every recording has them
        Golden golden = Golden.of("go126_ranges_and_metrics");
        Path trace = Files.write(folder.resolve("pauses.trace"), golden.trace());
        String path = classes() + File.pathSeparator + classesOf(StandAloneTest.class);

        // When
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        Process process = new ProcessBuilder(
                        java.toString(), "-Xlog:class+load", "-cp", path, ReadAll.class.getName(), trace.toString())
                .redirectErrorStream(true)
                .start();
        String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        // Then
        assertThat(process.waitFor()).as(printed).isZero();
        assertThat(printed)
                .contains("io.unpark.trace.RangeScope")
                .doesNotContain("$$Lambda", "java.lang.invoke.LambdaForm$");
    }

    /** A program that reads a trace. */
    static final class ReadAll {
        private ReadAll() {}

        public static void main(String[] args) throws IOException {
            // From a stream: where a file is mapped, the JDK itself uses lambdas.
            try (TraceReader reader = TraceReader.open(Files.newInputStream(Path.of(args[0])))) {
                EventVisitor nothing = new EventVisitor() {};
                while (reader.readGeneration(nothing)) {
                    continue;
                }
            }
        }
    }

    @Test
    void needsTheJdksBaseModuleAlone() throws Exception {
        // Given
        ToolProvider jdeps = ToolProvider.findFirst("jdeps").orElseThrow();
        StringWriter printed = new StringWriter();

        // When
        int exit = jdeps.run(
                new PrintWriter(printed),
                new PrintWriter(printed),
                "-s",
                classes().toString());

        // Then
        assertThat(exit).as(printed.toString()).isZero();
        assertThat(printed.toString().strip()).isEqualTo("classes -> java.base");
    }

    private static Path classes() throws URISyntaxException {
        return classesOf(TraceReader.class);
    }

    private static Path classesOf(Class<?> one) throws URISyntaxException {
        return Path.of(one.getProtectionDomain().getCodeSource().getLocation().toURI());
    }
}
