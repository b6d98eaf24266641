package io.unpark.app.allinone;

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

/** The folder of one all-in-one process: two at a time would ruin it, so it is locked. */
public final class DataFolder implements AutoCloseable {
    private final Path path;
    private final boolean temporary;
    private final FileChannel lockFile;

    private DataFolder(Path path, boolean temporary, FileChannel lockFile) {
        this.path = path;
        this.temporary = temporary;
        this.lockFile = lockFile;
    }

    /**
     * Takes a folder that is kept.
     *
     * @throws UserError when it cannot be written, or another process has it
     */
    public static DataFolder kept(Path path) {
        return lock(path.toAbsolutePath().normalize(), false);
    }

    /** Makes a folder that goes with {@link #close}. */
    public static DataFolder temporary() {
        try {
            return lock(Files.createTempDirectory("unpark-"), true);
        } catch (IOException e) {
            throw UserError.environment("cannot make a temporary folder: " + e.getMessage() + "; name one with --data");
        }
    }

    private static DataFolder lock(Path path, boolean temporary) {
        FileChannel file = null;
        try {
            Files.createDirectories(path);
            file = FileChannel.open(path.resolve("unpark.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            FileLock lock = file.tryLock();
            if (lock != null) {
                return new DataFolder(path, temporary, file);
            }
            file.close();
            throw inUse(path);
        } catch (OverlappingFileLockException e) {
            throw inUse(path);
        } catch (IOException e) {
            throw UserError.environment(
                    "cannot write to " + path + ": " + e.getMessage() + "; name another with --data");
        }
    }

    private static UserError inUse(Path path) {
        return UserError.environment(path + " is in use by another unpark; stop that one, or name another with --data");
    }

    Path path() {
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
