package io.unpark.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EventsVerbTest {
    @TempDir
    private Path folder;

    @Test
    void countTellsKindsTimeAndRate() throws IOException {
        Path trace = Files.write(folder.resolve("a.trace"), SmallTrace.healthy());

        Cli run = Cli.run("events", "--format", "count", trace);

        assertThat(run.exitCode()).isZero();
        assertThat(run.outLines()).anyMatch(line -> line.matches(" +2  goroutine Running->Waiting"));
        assertThat(run.outLines().get(run.outLines().size() - 1))
                .contains("events in 2 generations")
                .contains("events/s");
    }

    @Test
    void textIsOneLineAnEventWithItsPlace() throws IOException {
        Path trace = Files.write(folder.resolve("a.trace"), SmallTrace.healthy());

        Cli run = Cli.run("events", trace);

        assertThat(run.outLines())
                .anySatisfy(line -> assertThat(line)
                        .contains("goroutine 1 Running->Waiting \"chan receive\" at main.work /src/main.go:12"));
    }

    @Test
    void goIsTheFormatOfGosOwnTool() throws IOException {
        Path trace = Files.write(folder.resolve("a.trace"), SmallTrace.healthy());

        Cli run = Cli.run("events", "--format", "go", trace);

        assertThat(run.outLines())
                .anyMatch(line -> line.matches(
                        "M=7 P=0 G=1 StateTransition Time=\\d+ GoID=1 Running->Waiting Reason=\"chan receive\""));
    }

    @Test
    void aCutTraceIsPrintedAsFarAsItIsWhole() throws IOException {
        byte[] whole = SmallTrace.healthy();
        Path trace = Files.write(folder.resolve("a.trace"), Arrays.copyOf(whole, whole.length - 40));

        Cli run = Cli.run("events", "--format", "count", trace);

        assertThat(run.exitCode()).isEqualTo(3);
        assertThat(run.out()).contains("events in 1 generations");
        assertThat(run.errLines())
                .singleElement()
                .satisfies(line -> assertThat(line).contains("the complete generation"));
    }
}
