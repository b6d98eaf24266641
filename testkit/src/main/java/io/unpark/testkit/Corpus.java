package io.unpark.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.tukaani.xz.XZInputStream;

/**
 * The recorded corpus, which is no part of the project: {@code shared/corpus} next to the project's folder, or below the
 * folder that the system property {@code unpark.shared} or the environment's {@code UNPARK_SHARED} names. Tests skip with
 * {@link #ABSENT} as their reason when it is not there.
 */
public final class Corpus {
    public static final String ABSENT =
            "no recorded corpus: neither ../shared/corpus nor UNPARK_SHARED/corpus is there";

    private Corpus() {}

    /** The corpus folder, with {@code traces/}, {@code perf/}, {@code twosvc/}, {@code races/}, {@code labels/}. */
    public static Optional<Path> folder() {
        String named = System.getProperty("unpark.shared", System.getenv("UNPARK_SHARED"));
        if (named != null) {
            return Optional.of(Path.of(named, "corpus")).filter(Files::isDirectory);
        }
        for (Path dir = Path.of("").toAbsolutePath(); dir != null; dir = dir.getParent()) {
            Path beside = dir.resolveSibling("shared").resolve("corpus");
            if (Files.isDirectory(beside)) {
                return Optional.of(beside);
            }
        }
        return Optional.empty();
    }

    /** All recorded traces ({@code .trace.xz}), sorted by path; empty when there is no corpus. */
    public static List<Path> traces() throws IOException {
        Optional<Path> corpus = folder();
        return corpus.isEmpty() ? List.of() : tracesBelow(corpus.get());
    }

    /** The demo's own recordings, which are part of the project: {@code infra/demo/recordings}, sorted by path. */
    public static List<Path> demoTraces() throws IOException {
        for (Path dir = Path.of("").toAbsolutePath(); dir != null; dir = dir.getParent()) {
            Path recordings = dir.resolve("infra/demo/recordings");
            if (Files.isDirectory(recordings)) {
                return tracesBelow(recordings);
            }
        }
        throw new IOException("no infra/demo/recordings above " + Path.of("").toAbsolutePath());
    }

    private static List<Path> tracesBelow(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(file -> file.getFileName().toString().endsWith(".trace.xz"))
                    .sorted()
                    .toList();
        }
    }

    /** A file's content, decompressed when its name ends in {@code .xz}. */
    public static InputStream open(Path file) throws IOException {
        InputStream in = Files.newInputStream(file);
        return file.getFileName().toString().endsWith(".xz") ? new XZInputStream(in) : in;
    }

    /** All of {@link #open}. */
    public static byte[] read(Path file) throws IOException {
        try (InputStream in = open(file)) {
            return in.readAllBytes();
        }
    }
}
