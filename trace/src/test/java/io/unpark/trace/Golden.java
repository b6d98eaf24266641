package io.unpark.trace;

import io.unpark.testkit.TextArchive;
import io.unpark.testkit.TraceText;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * The committed traces in text, each with a title that says what it proves, and the events it gives.
 *
 * @param expect SUCCESS, or a reason and a pattern of the message
 * @param events in Go's format, the wall clock in UTC
 */
record Golden(String name, String title, byte[] trace, String expect, String events) {

    static List<Golden> all() throws IOException {
        try (Stream<Path> files =
                Files.list(Path.of(Golden.class.getResource("goldens").toURI()))) {
            return files.sorted().map(Golden::read).toList();
        } catch (URISyntaxException e) {
            throw new IOException(e);
        }
    }

    static Golden of(String name) throws IOException {
        return all().stream()
                .filter(golden -> golden.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static Golden read(Path file) {
        try {
            TextArchive archive = TextArchive.parse(Files.readString(file));
            return new Golden(
                    file.getFileName().toString().replace(".txt", ""),
                    archive.comment().strip(),
                    TraceText.assemble(archive.section("trace")),
                    archive.section("expect").strip(),
                    archive.section("events"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
