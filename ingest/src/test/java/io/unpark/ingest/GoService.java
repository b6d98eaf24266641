package io.unpark.ingest;

import io.unpark.testkit.GoTool;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** A process of {@code src/test/go/pprofservice}. */
final class GoService implements AutoCloseable {
    private static final Duration BUILD_LIMIT = Duration.ofMinutes(5);

    private final Process process;
    private final String address;

    private GoService(Process process) throws IOException {
        this.process = process;
        BufferedReader out =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        this.address = out.readLine();
    }

    static Path build(GoTool go, Path folder) throws IOException {
        Path binary = folder.resolve("pprofservice");
        GoTool.Result built = go.run(
                Path.of("src/test/go/pprofservice").toAbsolutePath(),
                BUILD_LIMIT,
                "build",
                "-o",
                binary.toString(),
                ".");
        if (built.exit() != 0) {
            throw new IOException("cannot build the service: " + built.stderr());
        }
        return binary;
    }

    static GoService start(Path binary) throws IOException {
        return new GoService(new ProcessBuilder(List.of(binary.toString()))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start());
    }

    /** {@code host:port}. */
    String address() {
        return address;
    }

    @Override
    public void close() {
        kill();
    }

    /** SIGKILL. */
    void kill() {
        process.destroyForcibly();
        try {
            process.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
