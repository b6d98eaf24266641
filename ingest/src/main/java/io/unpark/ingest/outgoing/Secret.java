package io.unpark.ingest.outgoing;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** A secret, as it stands in the configuration or in a file that is read each time. Never printed. */
public final class Secret {
    private static final int MAX_BYTES = 16 << 10;

    private final String text;
    private final Path file;

    private Secret(String text, Path file) {
        this.text = text;
        this.file = file;
    }

    public static Secret of(String text) {
        return new Secret(text, null);
    }

    public static Secret ofFile(Path file) {
        return new Secret("", file);
    }

    /** Without the blanks and line ends around it, which editors add to files. */
    String read() throws IOException {
        if (file == null) {
            return text;
        }
        byte[] bytes;
        try (InputStream in = Files.newInputStream(file)) {
            bytes = in.readNBytes(MAX_BYTES + 1);
        } catch (IOException e) {
            throw new IOException("cannot read the secret in " + file + ": " + Reasons.of(e), e);
        }
        String read = new String(bytes, StandardCharsets.UTF_8).strip();
        if (bytes.length > MAX_BYTES || read.isEmpty() || !read.chars().allMatch(Secret::fitsAHeader)) {
            throw new IOException("the file " + file + " holds no secret: one line of text is expected");
        }
        return read;
    }

    private static boolean fitsAHeader(int c) {
        return c >= ' ' && c != 0x7f;
    }

    @Override
    public String toString() {
        return file == null ? "secret" : "secret in " + file;
    }
}
