package io.unpark.ingest.spool;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The files of a spool folder, and how they move in it. Moves are renames: a file is in one place or in the other. */
final class SpoolTree {
    static final String DONE = "done";
    static final String REFUSED = "refused";

    /** Looked at in one round; the others come in the next ones. */
    private static final int MAX_FILES = 10_000;

    private static final int DEPTH = 3;
    private static final int MAX_SAME_NAMES = 10_000;

    private final Path root;

    SpoolTree(Path root) throws IOException {
        this.root = root;
        Files.createDirectories(root.resolve(DONE));
        Files.createDirectories(root.resolve(REFUSED));
    }

    Path relative(Path file) {
        return root.relativize(file);
    }

    /** Regular files that may be ours, whole or not. Links are nobody's: they may lead anywhere. */
    List<Path> candidates() throws IOException {
        try (Stream<Path> walk = Files.walk(root, DEPTH)) {
            return walk.filter(this::isCandidate).limit(MAX_FILES).toList();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private boolean isCandidate(Path file) {
        Path relative = root.relativize(file);
        String top = relative.getName(0).toString();
        boolean ours = relative.getNameCount() > 1 && (top.equals(DONE) || top.equals(REFUSED));
        for (Path name : relative) {
            ours |= SpooledFile.isOthers(name.toString());
        }
        return !ours && Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS);
    }

    /** Moves it to {@code done}. */
    void done(Path file) throws IOException {
        move(file, root.resolve(DONE));
    }

    /** Moves it to {@code refused}, the reason beside it; its new name. */
    Path refuse(Path file, String why) throws IOException {
        Path moved = move(file, root.resolve(REFUSED));
        Files.write(
                moved.resolveSibling(moved.getFileName() + ".why.txt"), (why + "\n").getBytes(StandardCharsets.UTF_8));
        return root.resolve(REFUSED).relativize(moved);
    }

    private Path move(Path file, Path below) throws IOException {
        Path wanted = below.resolve(root.relativize(file));
        Files.createDirectories(wanted.getParent());
        Path to = wanted;
        for (int i = 2; Files.exists(to, LinkOption.NOFOLLOW_LINKS); i++) {
            if (i > MAX_SAME_NAMES) {
                throw new FileAlreadyExistsException(wanted.toString());
            }
            to = wanted.resolveSibling(wanted.getFileName() + "." + i);
        }
        return Files.move(file, to, StandardCopyOption.ATOMIC_MOVE);
    }

    /** Deletes what was moved to {@code done} before that time. */
    void prune(Instant before) throws IOException {
        List<Path> old = new ArrayList<>();
        try (Stream<Path> walk = Files.walk(root.resolve(DONE), DEPTH + 1)) {
            walk.filter(it -> Files.isRegularFile(it, LinkOption.NOFOLLOW_LINKS)
                            && movedAt(it).isBefore(before))
                    .limit(MAX_FILES)
                    .forEach(old::add);
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        for (Path file : old) {
            Files.deleteIfExists(file);
        }
    }

    /** A rename changes the time of the entry, where the system keeps one, and not that of the content. */
    private static Instant movedAt(Path file) {
        try {
            FileTime changed = Files.getFileStore(file).supportsFileAttributeView("unix")
                    ? (FileTime) Files.getAttribute(file, "unix:ctime")
                    : Files.readAttributes(file, BasicFileAttributes.class).lastModifiedTime();
            return changed.toInstant();
        } catch (NoSuchFileException e) {
            return Instant.MAX;
        } catch (UnsupportedOperationException | IllegalArgumentException e) {
            return Instant.MAX;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
