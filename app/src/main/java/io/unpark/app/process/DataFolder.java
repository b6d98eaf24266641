package io.unpark.app.process;

import io.unpark.app.console.UserError;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** The folder of one process: two at a time would ruin it, so it is locked. */
public final class DataFolder implements AutoCloseable {
    private final Path path;
    private final boolean temporary;
    private final FileChannel lockFile;

    private DataFolder(Path path, boolean temporary, FileChannel lockFile) {
        this.path = path;
        this.temporary = temporary;
        this.lockFile = lockFile;
    }

    /** As {@link #kept(Path, String)}, named by {@code --data}. */
    public static DataFolder kept(Path path) {
        return kept(path, "--data");
    }

    /**
     * Takes a folder that is kept.
     *
     * @param option that names another one
     * @throws UserError when it cannot be written, or another process has it
     */
    public static DataFolder kept(Path path, String option) {
        return lock(path.toAbsolutePath().normalize(), false, option);
    }

    /** Makes a folder that goes with {@link #close}. */
    public static DataFolder temporary() {
        try {
            return lock(Files.createTempDirectory("unpark-"), true, "--data");
        } catch (IOException e) {
            throw UserError.environment("cannot make a temporary folder: " + e.getMessage() + "; name one with --data");
        }
    }

    /** Makes a folder within {@code parent} that goes with {@link #close}; the parent, when made here, stays. */
    public static DataFolder temporaryIn(Path parent) {
        try {
            Files.createDirectories(parent);
            return lock(Files.createTempDirectory(parent, "unpark-"), true, "--data");
        } catch (IOException e) {
            throw UserError.environment("cannot make a folder in " + parent + ": " + e.getMessage());
        }
    }

    private static DataFolder lock(Path path, boolean temporary, String option) {
        FileChannel file = null;
        try {
            Files.createDirectories(path);
            file = FileChannel.open(path.resolve("unpark.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            FileLock lock = file.tryLock();
            if (lock != null) {
                return new DataFolder(path, temporary, file);
            }
            file.close();
            throw inUse(path, option);
        } catch (OverlappingFileLockException e) {
            throw inUse(path, option);
        } catch (IOException e) {
            throw UserError.environment(
                    "cannot write to " + path + ": " + e.getMessage() + "; name another with " + option);
        }
    }

    private static UserError inUse(Path path, String option) {
        return UserError.environment(
                path + " is in use by another unpark; stop that one, or name another with " + option);
    }

    public Path path() {
        return path;
    }

    @Override
    public void close() throws IOException {
        lockFile.close();
        if (temporary) {
            delete(path);
        }
    }

    private static void delete(Path folder) throws IOException {
        List<Path> deepestFirst;
        try (Stream<Path> all = Files.walk(folder)) {
            deepestFirst = all.sorted(Comparator.reverseOrder()).toList();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        for (Path path : deepestFirst) {
            Files.deleteIfExists(path);
        }
    }
}
