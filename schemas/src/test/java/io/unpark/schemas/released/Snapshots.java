package io.unpark.schemas.released;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.unpark.schemas.Topics;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.avro.Schema;

/**
 * The schemas of the releases: a folder for each release, in it a file for each topic, {@code go-findings.avsc}, with the whole
 * schema of its values. Written once, at the release, and never changed.
 */
final class Snapshots {
    private static final String SUFFIX = ".avsc";
    private static final Pattern RELEASE = Pattern.compile("\\d+\\.\\d+(\\.\\d+)?");

    private Snapshots() {}

    /** Writes a release's folder: {@code FOLDER RELEASE}. The page about releases says when. */
    public static void main(String[] args) throws IOException {
        if (args.length != 2) {
            throw new IllegalArgumentException("expected the folder of the releases, and a release such as 0.1");
        }
        Path written = write(Path.of(args[0]), args[1], current());
        System.out.println("wrote " + written);
    }

    /** Of this build. */
    static Map<String, Schema> current() {
        Map<String, Schema> schemas = new TreeMap<>();
        Topics.all().forEach(topic -> topic.valueSchema().ifPresent(schema -> schemas.put(topic.name(), schema)));
        return schemas;
    }

    /** @throws FileAlreadyExistsException when the release has its folder: what was released stays as it was */
    static Path write(Path folder, String release, Map<String, Schema> schemas) throws IOException {
        if (!RELEASE.matcher(release).matches()) {
            throw new IllegalArgumentException("a release is called 0.1 or 0.1.2, not " + release);
        }
        Files.createDirectories(folder);
        Path target = Files.createDirectory(folder.resolve(release));
        for (Map.Entry<String, Schema> schema : schemas.entrySet()) {
            ObjectMapper json = new ObjectMapper();
            String text = json.readTree(schema.getValue().toString()).toPrettyString();
            Files.writeString(target.resolve(schema.getKey() + SUFFIX), text + "\n");
        }
        return target;
    }

    /** Schemas by topic, by release; empty when nothing is released yet. */
    static Map<String, Map<String, Schema>> read(Path folder) throws IOException {
        Map<String, Map<String, Schema>> releases = new TreeMap<>();
        if (Files.isDirectory(folder)) {
            for (Path release : list(folder)) {
                String name = release.getFileName().toString();
                if (Files.isDirectory(release)) {
                    releases.put(name, readRelease(release));
                }
            }
        }
        return releases;
    }

    private static Map<String, Schema> readRelease(Path release) throws IOException {
        if (!RELEASE.matcher(release.getFileName().toString()).matches()) {
            throw new IOException(release + " is not named as a release");
        }
        Map<String, Schema> schemas = new TreeMap<>();
        for (Path file : list(release)) {
            String name = file.getFileName().toString();
            if (!name.endsWith(SUFFIX)) {
                throw new IOException(file + " does not belong to a release's schemas");
            }
            schemas.put(
                    name.substring(0, name.length() - SUFFIX.length()),
                    new Schema.Parser().parse(Files.readString(file)));
        }
        if (schemas.isEmpty()) {
            throw new IOException(release + " holds no schema");
        }
        return schemas;
    }

    private static List<Path> list(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.sorted().toList();
        }
    }
}
