package io.unpark.testkit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A command that was run to its end.
 *
 * @param exit exit code
 * @param stdout as it came
 * @param stderr as it came
 */
record ProcessRun(int exit, byte[] stdout, byte[] stderr) {

    /**
     * Runs a command without input and waits for it.
     *
     * @param environment added to this process's own
     * @throws IOException when it could not be started, or did not end in time and was killed
     */
    static ProcessRun of(Path workDir, Duration limit, Map<String, String> environment, List<String> command)
            throws IOException {
        Path stdout = Files.createTempFile("unpark", ".out");
        Path stderr = Files.createTempFile("unpark", ".err");
        try {
            ProcessBuilder builder = new ProcessBuilder(command)
                    .directory(workDir.toAbsolutePath().toFile())
                    .redirectOutput(stdout.toFile())
                    .redirectError(stderr.toFile());
            builder.environment().putAll(environment);
            Process process = builder.start();
            await(process, limit, command);
            return new ProcessRun(process.exitValue(), Files.readAllBytes(stdout), Files.readAllBytes(stderr));
        } finally {
            Files.delete(stdout);
            Files.delete(stderr);
        }
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
