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
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The installed Go toolchain, the oracle of many tests. They skip with {@link #ABSENT} when there is none. */
public final class GoTool {
    public static final String ABSENT = "no Go toolchain: no go on the PATH";

    private static final Pattern VERSION = Pattern.compile("^go1\\.(\\d{1,3})");
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

    /** The 26 of Go 1.26; 0 for a development version. */
    public int minor() throws IOException {
        Matcher version =
                VERSION.matcher(run(Path.of(""), LIMIT, "env", "GOVERSION").stdout());
        return version.find() ? Integer.parseInt(version.group(1)) : 0;
    }

    /** Whether programs with C code can be built: cgo is on, which it is not without a C compiler. */
    public boolean hasCgo() throws IOException {
        return run(Path.of(""), LIMIT, "env", "CGO_ENABLED").stdout().strip().equals("1");
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
        ProcessRun done = ProcessRun.of(workDir, limit, Map.of(), command);
        return new Result(done.exit(), text(done.stdout()), text(done.stderr()));
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
