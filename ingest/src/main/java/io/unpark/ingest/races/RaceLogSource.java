package io.unpark.ingest.races;

import io.unpark.schemas.record.Instance;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Files to follow, and whose they are.
 *
 * @param patterns files; the last part of each may have a {@code *}
 * @param pidsOnly only files whose name ends in a dot and a process id, as the detector names them
 * @param instance whose; {@code {pid}} in its name stands for what the file's name ends in
 */
public record RaceLogSource(List<Path> patterns, boolean pidsOnly, Instance instance) {
    private static final int MAX_FILES = 10_000;
    private static final Pattern PID = Pattern.compile("\\.(?<pid>\\d{1,10})$");
    private static final String PID_HERE = "{pid}";

    public RaceLogSource {
        patterns = List.copyOf(patterns);
    }

    /** The files that {@code GORACE=log_path=…} makes: the path, a dot, the process id. */
    public static RaceLogSource ofLogPath(Path logPath, Instance instance) {
        return new RaceLogSource(List.of(logPath.resolveSibling(logPath.getFileName() + ".*")), true, instance);
    }

    /** Logs of any name, such as those that stderr goes to. */
    public static RaceLogSource ofPatterns(List<Path> patterns, Instance instance) {
        return new RaceLogSource(patterns, false, instance);
    }

    Instance instanceOf(Path file) {
        if (!instance.getName().contains(PID_HERE)) {
            return instance;
        }
        Matcher pid = PID.matcher(file.getFileName().toString());
        String name = instance.getName().replace(PID_HERE, pid.find() ? pid.group("pid") : "");
        return Instance.newBuilder(instance).setName(name).build();
    }

    List<Path> files() throws IOException {
        List<Path> found = new ArrayList<>();
        for (Path pattern : patterns) {
            String name = pattern.getFileName().toString();
            if (!name.contains("*")) {
                if (Files.isRegularFile(pattern)) {
                    found.add(pattern);
                }
                continue;
            }
            try (DirectoryStream<Path> entries =
                    Files.newDirectoryStream(pattern.toAbsolutePath().getParent(), name)) {
                for (Path entry : entries) {
                    if (isWanted(entry) && found.size() < MAX_FILES) {
                        found.add(entry);
                    }
                }
            } catch (NoSuchFileException | NotDirectoryException e) {
                continue; // it may come
            }
        }
        return found;
    }

    private boolean isWanted(Path file) {
        return Files.isRegularFile(file)
                && (!pidsOnly || PID.matcher(file.getFileName().toString()).find());
    }
}
