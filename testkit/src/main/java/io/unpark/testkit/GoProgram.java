package io.unpark.testkit;

import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** A program of one Go file, built by the installed toolchain; closing it deletes the binary. */
public final class GoProgram implements Closeable {
    private static final Duration BUILD_LIMIT = Duration.ofMinutes(5);
    private static final Duration RUN_LIMIT = Duration.ofMinutes(2);

    private final String name;
    private final Path folder;
    private final Path binary;

    private GoProgram(String name, Path folder) {
        this.name = name;
        this.folder = folder;
        this.binary = folder.resolve("program");
    }

    /**
     * Builds {@code source}, which may use the standard library alone.
     *
     * @throws IOException with the compiler's words when it cannot be built
     */
    public static GoProgram build(GoTool go, Path source) throws IOException {
        Path folder = Files.createTempDirectory("unpark-go");
        GoProgram program = new GoProgram(source.getFileName().toString(), folder);
        GoTool.Result built = go.run(
                folder,
                BUILD_LIMIT,
                "build",
                "-o",
                program.binary.toString(),
                source.toAbsolutePath().toString());
        if (built.exit() != 0) {
            program.close();
            throw new IOException("cannot build " + source + ": " + built.stderr());
        }
        return program;
    }

    /** The source's file name. */
    public String name() {
        return name;
    }

    /**
     * Runs it to its end; what it printed to its standard output.
     *
     * @param environment added to this process's own
     * @throws IOException when it fails or does not end within two minutes
     */
    public byte[] stdout(Map<String, String> environment) throws IOException {
        ProcessRun run = ProcessRun.of(folder, RUN_LIMIT, environment, List.of(binary.toString()));
        if (run.exit() != 0) {
            String said = new String(run.stderr(), StandardCharsets.UTF_8);
            throw new IOException(name + " ended with exit code " + run.exit() + ": " + said);
        }
        return run.stdout();
    }

    @Override
    public void close() throws IOException {
        Files.deleteIfExists(binary);
        Files.delete(folder);
    }
}
