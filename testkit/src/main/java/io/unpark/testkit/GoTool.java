package io.unpark.testkit;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** The installed Go toolchain, the oracle of many tests. They skip with {@link #ABSENT} when there is none. */
public final class GoTool {
    public static final String ABSENT = "no Go toolchain: no go on the PATH";

    private static final Duration LIMIT = Duration.ofMinutes(5);

    private final Path go;

    private GoTool(Path go) {
        this.go = go;
    }

    /**
     * What a command did.
     *
     * @param exit exit code
     * @param stdout as UTF-8
     * @param stderr as UTF-8
     */
    public record Result(int exit, String stdout, String stderr) {}

    /** Looks for an executable {@code go} on the PATH. */
    public static Optional<GoTool> find() {
        String path = System.getenv("PATH");
        return Arrays.stream(path == null ? new String[0] : path.split(File.pathSeparator))
                .map(dir -> Path.of(dir, "go"))
                .filter(Files::isExecutable)
                .findFirst()
                .map(GoTool::new);
    }

    /** The toolchain's own folder. */
    public Path root() throws IOException {
        return Path.of(run(Path.of(""), LIMIT, "env", "GOROOT").stdout().strip());
    }

    /** {@code go tool trace -d=parsed} of a trace's bytes. */
    public Result parsedTrace(byte[] trace) throws IOException {
        Path file = Files.createTempFile("unpark", ".trace");
        try {
            Files.write(file, trace);
            return run(Path.of(""), LIMIT, "tool", "trace", "-d=parsed", file.toString());
        } finally {
            Files.delete(file);
        }
    }

    /**
     * Runs {@code go ARGS…} and waits for it.
     *
     * @throws IOException when it could not be started, or did not end in time and was killed
     */
    public Result run(Path workDir, Duration limit, String... args) throws IOException {
        List<String> command = new ArrayList<>(List.of(go.toString()));
        command.addAll(Arrays.asList(args));
        Path stdout = Files.createTempFile("unpark", ".out");
        Path stderr = Files.createTempFile("unpark", ".err");
        try {
            Process process = new ProcessBuilder(command)
                    .directory(workDir.toAbsolutePath().toFile())
                    .redirectOutput(stdout.toFile())
                    .redirectError(stderr.toFile())
                    .start();
            await(process, limit, command);
            return new Result(process.exitValue(), read(stdout), read(stderr));
        } finally {
            Files.delete(stdout);
            Files.delete(stderr);
        }
    }

    private static String read(Path file) throws IOException {
        return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
    }

    private static void await(Process process, Duration limit, List<String> command) throws IOException {
        boolean ended = false;
        try {
            process.getOutputStream().close();
            ended = process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while waiting for " + command, e);
        } finally {
            if (!ended) {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly();
            }
        }
        if (!ended) {
            throw new IOException(command + " did not end within " + limit);
        }
    }
}
