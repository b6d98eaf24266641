package io.unpark.ingest.races;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Remembers places in a file that is replaced whole. A broken or missing one costs reading again, no more. */
final class PlaceStore {
    private static final Logger LOG = LoggerFactory.getLogger(PlaceStore.class);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int MAX_BYTES = 16 << 20;

    private final Path file;
    private Map<String, Remembered> stored = Map.of();

    /** A place, and when its file was last seen, in ms since 1970. */
    record Remembered(String path, Place place, long seenUnixMs) {}

    PlaceStore(Path folder) throws IOException {
        Files.createDirectories(folder);
        file = folder.resolve("race-logs.json");
    }

    /** By the key of the file. */
    Map<String, Remembered> read() throws IOException {
        Map<String, Remembered> read = new LinkedHashMap<>();
        try {
            if (Files.size(file) > MAX_BYTES) {
                throw new IOException("larger than " + MAX_BYTES + " bytes");
            }
            for (JsonNode entry : JSON.readTree(Files.readAllBytes(file))) {
                Place place = new Place(
                        Math.max(0, entry.path("offset").asLong()),
                        entry.path("sum").asLong());
                read.put(
                        entry.path("key").asText(),
                        new Remembered(
                                entry.path("path").asText(),
                                place,
                                entry.path("seen_unix_ms").asLong()));
            }
        } catch (NoSuchFileException e) {
            return read;
        } catch (IOException e) {
            LOG.warn("{} cannot be read, race logs are read from their beginning: {}", file, e.getMessage());
            return new LinkedHashMap<>();
        }
        stored = Map.copyOf(read);
        return read;
    }

    /** Returns when they are on the disk. Does nothing when they are those of the last time. */
    void write(Map<String, Remembered> places) throws IOException {
        if (places.equals(stored)) {
            return;
        }
        ArrayNode entries = JSON.createArrayNode();
        places.forEach((key, remembered) -> {
            ObjectNode entry = entries.addObject();
            entry.put("key", key);
            entry.put("path", remembered.path());
            entry.put("offset", remembered.place().offset());
            entry.put("sum", remembered.place().sum());
            entry.put("seen_unix_ms", remembered.seenUnixMs());
        });
        Path fresh = file.resolveSibling(file.getFileName() + ".tmp");
        try (FileChannel out = FileChannel.open(
                fresh, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
            ByteBuffer bytes = ByteBuffer.wrap(JSON.writeValueAsBytes(entries));
            while (bytes.hasRemaining()) {
                out.write(bytes);
            }
            out.force(true);
        }
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        stored = Map.copyOf(places);
    }
}
