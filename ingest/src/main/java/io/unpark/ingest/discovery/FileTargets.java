package io.unpark.ingest.discovery;

import io.unpark.ingest.outgoing.Reasons;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * Targets of files that others write, as file_sd of Prometheus: JSON or YAML by the suffix, found by patterns whose last part may
 * have a {@code *}. A file that is broken, as one is while it is written in place, keeps its last good targets; one that is gone has
 * none.
 */
public final class FileTargets implements TargetSource {
    /** Prometheus watches the files and reads them every five minutes besides; looking at their times is as good. */
    private static final Duration LOOK_EVERY = Duration.ofSeconds(5);

    private static final int MAX_FILES = 10_000;

    private final List<Path> patterns;
    private final Duration refreshEvery;
    private final Map<Path, Known> files = new TreeMap<>();

    private record Known(Object stamp, List<TargetGroup> groups, String error) {}

    /**
     * @param patterns relative ones are of the current folder
     * @param refreshEvery looked at so often, and every five seconds at least
     */
    public FileTargets(List<Path> patterns, Duration refreshEvery) {
        this.patterns = List.copyOf(patterns);
        this.refreshEvery = refreshEvery.compareTo(LOOK_EVERY) < 0 ? refreshEvery : LOOK_EVERY;
    }

    @Override
    public String name() {
        return "file_sd "
                + String.join(", ", patterns.stream().map(Path::toString).toList());
    }

    @Override
    public Duration refreshEvery() {
        return refreshEvery;
    }

    @Override
    public List<TargetGroup> refresh() throws IOException {
        List<Path> found = found();
        files.keySet().retainAll(found);
        for (Path file : found) {
            look(file);
        }
        for (Map.Entry<Path, Known> file : files.entrySet()) {
            if (file.getValue().error() != null) {
                throw new IOException(file.getKey() + ": " + file.getValue().error());
            }
        }
        if (found.isEmpty()) {
            throw new IOException("no file is called "
                    + String.join(" or ", patterns.stream().map(Path::toString).toList()));
        }
        return known();
    }

    @Override
    public List<TargetGroup> known() {
        return files.values().stream().flatMap(known -> known.groups().stream()).toList();
    }

    private void look(Path file) {
        Known known = files.get(file);
        List<TargetGroup> last = known == null ? List.of() : known.groups();
        try {
            Object stamp = stamp(file);
            if (known == null || known.error() != null || !known.stamp().equals(stamp)) {
                files.put(file, new Known(stamp, read(file), null));
            }
        } catch (NoSuchFileException e) {
            files.remove(file);
        } catch (IOException e) {
            files.put(file, new Known(List.of(), last, Reasons.of(e)));
        }
    }

    private static Object stamp(Path file) throws IOException {
        BasicFileAttributes is = Files.readAttributes(file, BasicFileAttributes.class);
        return List.of(is.lastModifiedTime(), is.size(), Objects.requireNonNullElse(is.fileKey(), ""));
    }

    private static List<TargetGroup> read(Path file) throws IOException {
        byte[] bytes;
        try (InputStream in = Files.newInputStream(file)) {
            bytes = in.readNBytes(TargetGroups.MAX_BYTES + 1);
        }
        if (bytes.length > TargetGroups.MAX_BYTES) {
            throw new IOException("larger than " + TargetGroups.MAX_BYTES + " bytes");
        }
        String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
        return name.endsWith(".json") ? TargetGroups.ofJson(bytes) : TargetGroups.ofYaml(bytes);
    }

    private List<Path> found() throws IOException {
        List<Path> found = new ArrayList<>();
        for (Path pattern : patterns) {
            Path folder = pattern.toAbsolutePath().getParent();
            String name = pattern.getFileName().toString();
            if (!name.contains("*")) {
                if (Files.exists(pattern)) {
                    found.add(pattern);
                }
                continue;
            }
            try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder, name)) {
                entries.forEach(found::add);
            } catch (NoSuchFileException | NotDirectoryException e) {
                continue;
            }
            if (found.size() > MAX_FILES) {
                throw new IOException("more than " + MAX_FILES + " files");
            }
        }
        return found;
    }
}
