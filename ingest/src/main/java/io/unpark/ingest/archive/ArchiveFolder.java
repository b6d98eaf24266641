package io.unpark.ingest.archive;

import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.TRUNCATE_EXISTING;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The files of an archive: what is written is whole or, after a crash, cut off again. Not for several threads. */
final class ArchiveFolder {
    private static final Logger LOG = LoggerFactory.getLogger(ArchiveFolder.class);
    /** A file that was open at a crash lies in the newest hour, or in the one before when the hour had just turned. */
    private static final int HOURS_TO_REPAIR = 2;

    private final Path root;
    /** Bytes by hour, over all services, the oldest first. */
    private final TreeMap<String, Long> bytesByHour = new TreeMap<>();

    private long bytes;

    /** Cuts off what a crash left, and measures. */
    ArchiveFolder(Path root) throws IOException {
        this.root = Files.createDirectories(root);
        for (Path hour : hours()) {
            bytesByHour.put(name(hour), 0L);
        }
        List<String> newest =
                bytesByHour.descendingKeySet().stream().limit(HOURS_TO_REPAIR).toList();
        for (Path hour : hours()) {
            if (newest.contains(name(hour))) {
                repair(hour);
            }
            count(name(hour), size(hour));
        }
    }

    long bytes() {
        return bytes;
    }

    Path hourFolder(String service, String hour) {
        return root.resolve(service).resolve(hour);
    }

    /** A new file with its first bytes, and its index; nothing of it is there when this throws or the process ends within. */
    void create(Path file, List<ByteBuffer> content, String index) throws IOException {
        Files.createDirectories(file.getParent());
        Path unfinished = ArchiveNames.unfinished(file);
        try {
            long written = write(unfinished, content);
            Path indexFile = ArchiveNames.indexOf(file);
            written += write(indexFile, List.of(utf8(index)));
            Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
            count(name(file.getParent()), written);
        } catch (IOException e) {
            Files.deleteIfExists(unfinished);
            Files.deleteIfExists(ArchiveNames.indexOf(file));
            throw e;
        }
    }

    /** More of a file: first the bytes, then the line of the index that makes them count. */
    void append(Path file, long end, List<ByteBuffer> content, String line) throws IOException {
        try (FileChannel out = FileChannel.open(file, APPEND)) {
            writeAll(out, content);
        } catch (IOException e) {
            cut(file, end);
            throw e;
        }
        try (FileChannel out = FileChannel.open(ArchiveNames.indexOf(file), APPEND)) {
            writeAll(out, List.of(utf8(line)));
        }
        long added = content.stream().mapToLong(ByteBuffer::remaining).sum();
        count(name(file.getParent()), added + line.length());
    }

    /** Removes the oldest hour of all services, unless it is that one or a later; empty when there is none to remove. */
    Removed removeOldestBefore(String hour) throws IOException {
        Map.Entry<String, Long> oldest = bytesByHour.firstEntry();
        if (oldest == null || oldest.getKey().compareTo(hour) >= 0) {
            return Removed.NOTHING;
        }
        int folders = 0;
        for (Path folder : hours()) {
            if (name(folder).equals(oldest.getKey())) {
                delete(folder);
                folders++;
            }
        }
        bytesByHour.remove(oldest.getKey());
        bytes -= oldest.getValue();
        return new Removed(folders, oldest.getValue());
    }

    /** What went: hours of one service each, and their bytes. */
    record Removed(int hours, long bytes) {
        static final Removed NOTHING = new Removed(0, 0);
    }

    private void count(String hour, long added) {
        bytesByHour.merge(hour, added, Long::sum);
        bytes += added;
    }

    /** The folders of the hours, of all services. */
    private List<Path> hours() throws IOException {
        try (Stream<Path> folders =
                Files.find(root, 2, (path, attributes) -> attributes.isDirectory() && ArchiveNames.isHour(path))) {
            return folders.filter(path -> root.relativize(path).getNameCount() == 2)
                    .sorted()
                    .toList();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private static void repair(Path hour) throws IOException {
        List<Path> files = files(hour);
        Set<Path> indexed = new HashSet<>();
        for (Path file : files) {
            String name = name(file);
            if (name.endsWith(ArchiveNames.UNFINISHED)) {
                Files.delete(file);
            } else if (!name.endsWith(ArchiveNames.INDEX)) {
                indexed.add(ArchiveNames.indexOf(file));
            }
        }
        for (Path file : files) {
            String name = name(file);
            if (name.endsWith(ArchiveNames.INDEX) && !indexed.contains(file)) {
                Files.delete(file); // its file never got its name
            } else if (name.endsWith(ArchiveNames.TRACE) || name.endsWith(ArchiveNames.LOG)) {
                cutToIndex(file);
            }
        }
    }

    private static void cutToIndex(Path file) throws IOException {
        Path index = ArchiveNames.indexOf(file);
        if (!Files.exists(index)) {
            return;
        }
        long committed;
        try {
            committed = ArchiveIndex.readEnds(index).committed();
        } catch (IOException e) {
            LOG.warn("{} is left as it is: {}", file, e.getMessage());
            return;
        }
        cut(file, committed);
    }

    private static void cut(Path file, long end) throws IOException {
        try (FileChannel out = FileChannel.open(file, WRITE)) {
            if (out.size() > end) {
                out.truncate(end);
            }
        }
    }

    private static long write(Path file, List<ByteBuffer> content) throws IOException {
        try (FileChannel out = FileChannel.open(file, CREATE, WRITE, TRUNCATE_EXISTING)) {
            return writeAll(out, content);
        }
    }

    private static long writeAll(FileChannel out, List<ByteBuffer> content) throws IOException {
        long written = 0;
        for (ByteBuffer bytes : content) {
            ByteBuffer rest = bytes.duplicate();
            while (rest.hasRemaining()) {
                written += out.write(rest);
            }
        }
        return written;
    }

    private static ByteBuffer utf8(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }

    private static long size(Path folder) throws IOException {
        long size = 0;
        for (Path file : files(folder)) {
            size += Files.size(file);
        }
        return size;
    }

    private static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(Files::isRegularFile).sorted().toList();
        }
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private static String name(Path path) {
        return path.getFileName().toString();
    }
}
