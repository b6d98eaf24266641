package io.unpark.sink.notify;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** A text that is not printed. One in a file is read at each use, so that it can be changed while this runs. */
final class Secret {
    private static final int BYTES_MAX = 4_096;

    private final String text;
    private final Optional<Path> file;

    private Secret(String text, Optional<Path> file) {
        this.text = text;
        this.file = file;
    }

    static Secret of(String text) {
        return new Secret(text, Optional.empty());
    }

    static Secret ofFile(Path file) {
        return new Secret("", Optional.of(file));
    }

    /** @throws IOException when its file cannot be read, is empty, or too long */
    String read() throws IOException {
        if (file.isEmpty()) {
            return text;
        }
        if (Files.size(file.get()) > BYTES_MAX) {
            throw new IOException(file.get() + " has more than " + BYTES_MAX + " bytes");
        }
        String content = Files.readString(file.get(), StandardCharsets.UTF_8).strip();
        if (content.isEmpty() || content.lines().count() > 1) {
            throw new IOException(file.get() + " must have one line");
        }
        return content;
    }

    @Override
    public String toString() {
        return file.map(it -> "Secret[" + it + "]").orElse("Secret[…]");
    }
}
