package io.unpark.ingest.archive;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.unpark.schemas.record.Instance;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What stands beside a file of the archive: JSON, a line that says whose it is, and one for each generation or report, written
 * when that is whole. Bytes of the file beyond the last line are what a crash left.
 *
 * @param capture id; "" for a race log
 * @param firstSequence place of the first generation within the capture
 * @param goMinor of a trace; 0 for a race log
 */
record ArchiveIndex(
        Instance instance, String capture, long firstSequence, long clockErrorNs, int goMinor, List<Entry> entries) {
    /** A day's file of an instance that ships each second has under 100,000 lines of about 60 bytes. */
    static final long MAX_BYTES = 64L << 20;

    /** Holds the first line, of four names of 512 characters at most, and an entry. */
    private static final int ENDS_BYTES = 64 << 10;

    private static final int FORMAT = 1;
    private static final ObjectMapper JSON = new ObjectMapper();

    ArchiveIndex {
        entries = List.copyOf(entries);
    }

    /**
     * One generation or report.
     *
     * @param end offset after its last byte in the file
     * @param unixNs when it was captured or reported, by the collector's clock or the report's own
     */
    record Entry(long end, long unixNs) {
        String line() {
            return "{\"end\":" + end + ",\"unix_ns\":" + unixNs + "}\n";
        }
    }

    /** The first line. */
    String head() {
        ObjectNode head = JSON.createObjectNode()
                .put("unpark_archive", FORMAT)
                .put("namespace", instance.getNamespace())
                .put("service", instance.getService())
                .put("instance", instance.getName())
                .put("version", instance.getVersion())
                .put("capture", capture)
                .put("first_sequence", firstSequence)
                .put("clock_error_ns", clockErrorNs)
                .put("go_minor", goMinor);
        return head + "\n";
    }

    /** Bytes of the file that are whole; 0 when nothing is. */
    long committed() {
        return entries.isEmpty() ? 0 : entries.get(entries.size() - 1).end();
    }

    /**
     * Reads one; a last line that is cut does not count.
     *
     * @throws IOException when it cannot be read, or is none
     */
    static ArchiveIndex read(Path file) throws IOException {
        if (Files.size(file) > MAX_BYTES) {
            throw new IOException(file + " is larger than an index may be");
        }
        List<String> lines = whole(Files.readAllBytes(file));
        return of(file, lines, lines.subList(Math.min(1, lines.size()), lines.size()));
    }

    /** As {@link #read}, but of the entries only the first and the last: an archive has as many as its services lived seconds. */
    static ArchiveIndex readEnds(Path file) throws IOException {
        try (SeekableByteChannel in = Files.newByteChannel(file)) {
            if (in.size() <= ENDS_BYTES) {
                List<String> lines = whole(bytes(in, 0));
                List<String> entries = lines.subList(Math.min(1, lines.size()), lines.size());
                return of(file, lines, entries.size() < 2 ? entries : List.of(entries.get(0), last(entries)));
            }
            List<String> first = whole(bytes(in, 0));
            if (first.size() < 2) {
                throw new IOException(file + " has a first line that is longer than any is");
            }
            return of(file, first, List.of(first.get(1), last(whole(bytes(in, in.size() - ENDS_BYTES)))));
        }
    }

    private static byte[] bytes(SeekableByteChannel in, long from) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(ENDS_BYTES);
        in.position(from);
        while (buffer.hasRemaining() && in.read(buffer) >= 0) {
            // until it is full, or the file ends
        }
        return Arrays.copyOf(buffer.array(), buffer.position());
    }

    /** Lines with an end; the first may lack its beginning. */
    private static List<String> whole(byte[] utf8) {
        String text = new String(utf8, StandardCharsets.UTF_8);
        return text.substring(0, text.lastIndexOf('\n') + 1).lines().toList();
    }

    private static String last(List<String> lines) {
        return lines.get(lines.size() - 1);
    }

    private static ArchiveIndex of(Path file, List<String> lines, List<String> entryLines) throws IOException {
        if (lines.isEmpty()) {
            throw new IOException(file + " has no first line");
        }
        JsonNode head = parse(file, lines.get(0));
        if (head.path("unpark_archive").asInt() != FORMAT
                || head.path("service").asText().isEmpty()) {
            throw new IOException(file + " is no index of an archive");
        }
        Instance instance = new Instance(
                head.path("namespace").asText(),
                head.path("service").asText(),
                head.path("instance").asText(),
                head.path("version").asText());
        return new ArchiveIndex(
                instance,
                head.path("capture").asText(),
                head.path("first_sequence").asLong(),
                head.path("clock_error_ns").asLong(-1),
                head.path("go_minor").asInt(),
                entries(file, entryLines));
    }

    private static List<Entry> entries(Path file, List<String> lines) throws IOException {
        List<Entry> entries = new ArrayList<>(lines.size());
        long before = 0;
        for (String line : lines) {
            JsonNode entry = parse(file, line);
            long end = entry.path("end").asLong(-1);
            if (end <= before) {
                throw new IOException(file + ": an end that is not after the one before");
            }
            before = end;
            entries.add(new Entry(end, entry.path("unix_ns").asLong()));
        }
        return entries;
    }

    private static JsonNode parse(Path file, String line) throws IOException {
        try {
            return JSON.readTree(line);
        } catch (JsonProcessingException e) {
            throw new IOException(file + " has a line that is no JSON", e);
        }
    }
}
