package io.unpark.app.doctor;

import io.unpark.app.console.Terminal;
import io.unpark.app.console.UserError;
import io.unpark.app.process.WebServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** What can be told without a cluster: Java, folder, disk, port, Go. */
public final class LocalChecks {
    private static final int MIN_JAVA = 17;
    private static final long LITTLE_HEAP_BYTES = 400L << 20;
    private static final long NO_DISK_BYTES = 1L << 30;
    private static final long LITTLE_DISK_BYTES = 10L << 30;
    private static final int GO_ANSWER_S = 10;

    private final Path folder;
    private final String host;
    private final int port;
    private final String go;

    /**
     * @param folder of the stores, or of all data
     * @param port to listen on
     * @param go the Go command
     */
    public LocalChecks(Path folder, String host, int port, String go) {
        this.folder = folder;
        this.host = host;
        this.port = port;
        this.go = go;
    }

    public List<Diagnosis> run() {
        List<Diagnosis> all = new ArrayList<>();
        all.add(java(Runtime.version().feature()));
        all.add(heap(Runtime.getRuntime().maxMemory()));
        all.addAll(folder());
        all.add(port());
        all.add(goToolchain());
        return all;
    }

    static Diagnosis java(int version) {
        return version >= MIN_JAVA
                ? Diagnosis.ok("java", "Java " + version)
                : Diagnosis.fail("java", "Java " + version, "Unpark needs " + MIN_JAVA + " or newer");
    }

    static Diagnosis heap(long maxBytes) {
        String found = Terminal.bytes(maxBytes) + " of heap at most";
        return maxBytes >= LITTLE_HEAP_BYTES
                ? Diagnosis.ok("memory", found)
                : Diagnosis.warn("memory", found, "give it more with JAVA_OPTS=-Xmx512m");
    }

    private List<Diagnosis> folder() {
        Path existing = folder.toAbsolutePath();
        while (existing != null && !Files.exists(existing)) {
            existing = existing.getParent();
        }
        if (existing == null || !Files.isDirectory(existing)) {
            return List.of(Diagnosis.fail(
                    "folder",
                    folder + " cannot be made: " + existing + " is no folder",
                    "choose another with --state"));
        }
        try {
            Files.delete(Files.createTempFile(existing, "unpark-doctor", ""));
            return List.of(
                    Diagnosis.ok("folder", folder + " can be written"),
                    disk(Files.getFileStore(existing).getUsableSpace()));
        } catch (IOException e) {
            return List.of(Diagnosis.fail(
                    "folder",
                    existing + " cannot be written: " + e.getClass().getSimpleName(),
                    "let the user who runs Unpark write there, or choose another with --state"));
        }
    }

    static Diagnosis disk(long freeBytes) {
        String found = Terminal.bytes(freeBytes) + " free";
        if (freeBytes < NO_DISK_BYTES) {
            return Diagnosis.fail(
                    "disk", found, "the stores would soon stop; make room, or choose another with --state");
        }
        return freeBytes >= LITTLE_DISK_BYTES
                ? Diagnosis.ok("disk", found)
                : Diagnosis.warn("disk", found, "enough to try it; see docs/state.md for what the stores take");
    }

    private Diagnosis port() {
        try {
            WebServer.requireFree(host, port);
            return Diagnosis.ok("port", port + " of " + host + " is free");
        } catch (UserError e) {
            return Diagnosis.fail(
                    "port",
                    port + " of " + host + " is taken",
                    "stop what listens there, or choose another with --port");
        }
    }

    private Diagnosis goToolchain() {
        try {
            Process process =
                    new ProcessBuilder(go, "version").redirectErrorStream(true).start();
            process.getOutputStream().close();
            String answer = new String(process.getInputStream().readNBytes(1_000), StandardCharsets.UTF_8);
            if (process.waitFor(GO_ANSWER_S, TimeUnit.SECONDS) && process.exitValue() == 0) {
                return Diagnosis.ok("go", answer.strip());
            }
            process.destroyForcibly();
        } catch (IOException e) {
            // It is not there, which is said below.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return Diagnosis.ok("go", "no toolchain here, which only go tool trace and the agent's tests would need");
    }
}
