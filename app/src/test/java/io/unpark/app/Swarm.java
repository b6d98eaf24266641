package io.unpark.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.unpark.testkit.GoTool;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Many real agents, each a process of its own: infra/demo/cmd/swarm. */
final class Swarm {
    private static final Duration BUILD_LIMIT = Duration.ofMinutes(3);

    private Swarm() {}

    /** Its report is in {@code swarm.jsonl} of the folder when it has ended. */
    static Process start(Path folder, int agents, int seconds, String to, Path token, String... more)
            throws IOException {
        GoTool go = GoTool.find().orElseThrow(() -> new AssertionError(GoTool.ABSENT));
        Path program = folder.resolve("swarm");
        Path module = ProjectRoot.folder().resolve("infra").resolve("demo");
        GoTool.Result built = go.run(module, BUILD_LIMIT, "build", "-o", program.toString(), "./cmd/swarm");
        assertThat(built.exit()).as(built.stderr()).isZero();
        List<String> command = new ArrayList<>(List.of(
                program.toString(),
                "-agents",
                "" + agents,
                "-seconds",
                "" + seconds,
                "-every",
                "500ms",
                "-collector",
                to,
                "-token-file",
                token.toString(),
                "-spool",
                folder.resolve("spools").toString(),
                "-spool-bytes",
                "" + CollectorSoakRun.SPOOL_BYTES));
        command.addAll(List.of(more));
        return new ProcessBuilder(command)
                .redirectError(folder.resolve("swarm-stderr.txt").toFile())
                .redirectOutput(folder.resolve("swarm.jsonl").toFile())
                .start();
    }
}
