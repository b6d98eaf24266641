package io.unpark.ingest.races;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/** Cuts lines out of bytes as they come, each bounded, and knows where the last complete one ended. */
final class LineCutter {
    private final int maxLineBytes;
    private final ByteArrayOutputStream open = new ByteArrayOutputStream();
    private long openBytes;

    LineCutter(int maxLineBytes) {
        this.maxLineBytes = maxLineBytes;
    }

    /** Bytes after the last complete line. */
    long openBytes() {
        return openBytes;
    }

    /** @param lines gets each complete line without its end; {@link #openBytes} is 0 in it, {@code used} what was used of the bytes */
    void add(byte[] bytes, int count, Line lines) {
        int from = 0;
        for (int i = 0; i < count; i++) {
            if (bytes[i] == '\n') {
                keep(bytes, from, i);
                String line = text();
                reset();
                from = i + 1;
                lines.line(line, from);
            }
        }
        keep(bytes, from, count);
    }

    /** A line and how many of the bytes lie before the next one. */
    interface Line {
        void line(String text, int used);
    }

    /** Gives out the line that has no end yet, if there is one. */
    void flush(Consumer<String> line) {
        if (openBytes > 0) {
            line.accept(text());
            reset();
        }
    }

    void reset() {
        open.reset();
        openBytes = 0;
    }

    private void keep(byte[] bytes, int from, int to) {
        openBytes += to - from;
        open.write(bytes, from, Math.max(0, Math.min(to - from, maxLineBytes - open.size())));
    }

    private String text() {
        String line = open.toString(StandardCharsets.UTF_8);
        int end = line.length();
        while (end > 0 && line.charAt(end - 1) == '\r') {
            end--;
        }
        return line.substring(0, end);
    }
}
