package io.unpark.app.demo;

import io.unpark.app.console.UserError;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** The demo's services themselves, with faults and load, shipping to this process. */
public final class LiveFleet implements AutoCloseable {
    private static final long STOP_SECONDS = 10;

    private final Process process;

    private LiveFleet(Process process) {
        this.process = process;
    }

    /**
     * Builds and starts them; what they print goes to {@code err}.
     *
     * @param module folder of the demo's Go module
     * @throws UserError when Go or the module is missing
     */
    public static LiveFleet start(Path module, String collector, Duration load, PrintWriter err) {
        if (!Files.exists(module.resolve("go.mod"))) {
            throw UserError.environment("the demo's services are not there: no " + module.resolve("go.mod")
                    + "; start it with the unpark script of the project's folder");
        }
        try {
            Process process = new ProcessBuilder(
                            "go",
                            "run",
                            "./cmd/live",
                            "-collector",
                            collector,
                            "-seconds",
                            Long.toString(load.toSeconds()))
                    .directory(module.toFile())
                    .redirectErrorStream(true)
                    .start();
            Thread pump = new Thread(() -> copy(process, err), "unpark-fleet-output");
            pump.setDaemon(true);
            pump.start();
            return new LiveFleet(process);
        } catch (IOException e) {
            throw UserError.environment("--live needs Go 1.22 or newer, which cannot be started: " + e.getMessage()
                    + "; without --live the shipped recordings are used");
        }
    }

    private static void copy(Process process, PrintWriter err) {
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                err.println(line);
                err.flush();
            }
        } catch (IOException closed) {
            // The process is gone, and so is what it had to say.
        }
    }

    /** Waits for the end of the load; false when it takes longer. */
    public boolean await(Duration limit) throws InterruptedException {
        return process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Of the command, once it has ended. */
    public int exitCode() {
        return process.exitValue();
    }

    @Override
    public void close() {
        // "go run" does not pass signals on.
        process.descendants().forEach(ProcessHandle::destroy);
        process.destroy();
        try {
            if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
