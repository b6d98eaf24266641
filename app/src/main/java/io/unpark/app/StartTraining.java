package io.unpark.app;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * What the launcher runs while the JVM notes down which classes a start needs and what its methods do: {@code events} or
 * {@code analyze} on recordings, one after the other. Prints nothing.
 */
final class StartTraining {
    private StartTraining() {}

    /**
     * @param args the verb, and a recording, or a folder of recordings
     */
    public static void main(String[] args) throws IOException {
        PrintWriter nowhere = new PrintWriter(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
        try (Stream<Path> files = Files.walk(Path.of(args[1]))) {
            List<Path> recordings = files.filter(file -> file.toString().endsWith(".trace.xz"))
                    .sorted()
                    .toList();
            for (Path recording : recordings) {
                Main.run(words(args[0], recording.toString()), nowhere, nowhere);
            }
        }
    }

    private static String[] words(String verb, String recording) {
        return verb.equals("events")
                ? new String[] {verb, "--format", "count", recording}
                : new String[] {verb, "--all", recording};
    }
}
