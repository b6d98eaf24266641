package io.unpark.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A Java process of ours with this test's classes, which is killed when the test leaves it behind. */
final class ChildProcess implements AutoCloseable {
    private static final Pattern ADDRESS = Pattern.compile("Serving at (https?://\\S+)/[,;]");
    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final HttpClient HTTP =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();

    private final Process process;
    private final Path stderr;
    private final BufferedReader out;
    private volatile String address;

    private ChildProcess(Process process, Path stderr) {
        this.process = process;
        this.stderr = stderr;
        this.out = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    /** The command line {@code unpark}, its stderr appended to a file of the folder. */
    static ChildProcess unpark(Path folder, String... words) throws IOException {
        return start(folder, Main.class, words);
    }

    static ChildProcess start(Path folder, Class<?> main, String... words) throws IOException {
        return start(folder, "700m", main, words);
    }

    /** @param heap as in {@code -Xmx} */
    static ChildProcess start(Path folder, String heap, Class<?> main, String... words) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx" + heap,
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                main.getName()));
        command.addAll(List.of(words));
        Path stderr = Files.createDirectories(folder).resolve(main.getSimpleName() + "-stderr.txt");
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.redirectError(ProcessBuilder.Redirect.appendTo(stderr.toFile()));
        return new ChildProcess(builder.start(), stderr);
    }

    /** As {@link #address}, without waiting. */
    String knownAddress() throws IOException {
        String known = address;
        if (known == null) {
            throw new IOException("it has not told its address yet");
        }
        return known;
    }

    /** Waits for the line that tells its address. */
    synchronized String address() throws IOException {
        for (String line = address == null ? out.readLine() : null; line != null; line = out.readLine()) {
            Matcher found = ADDRESS.matcher(line);
            if (found.find()) {
                address = found.group(1);
                return address;
            }
        }
        if (address == null) {
            throw new AssertionError("it ended without telling its address: " + stderr());
        }
        return address;
    }

    /** Whether {@code /readyz} answers with 200. */
    boolean isReady() {
        try {
            return status("/readyz") == 200;
        } catch (IOException e) {
            return false;
        }
    }

    int status(String path) throws IOException {
        return get(path).statusCode();
    }

    java.net.http.HttpResponse<String> get(String path) throws IOException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(address() + path))
                .timeout(LIMIT)
                .build();
        try {
            return HTTP.send(request, BodyHandlers.ofString());
        } catch (InterruptedException e) {
            throw new AssertionError("interrupted", e);
        }
    }

    long pid() {
        return process.pid();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** SIGKILL: nothing of it is closed, committed or flushed. */
    void kill() {
        process.destroyForcibly();
        awaitEnd();
    }

    /** SIGTERM; returns the exit code. */
    int terminate() {
        process.destroy();
        return awaitEnd();
    }

    int awaitEnd() {
        try {
            assertThat(process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError("interrupted", e);
        }
        return process.exitValue();
    }

    String stderr() {
        try {
            return Files.readString(stderr);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        if (process.isAlive()) {
            kill();
        }
    }
}
