package io.unpark.ingest.spool;

import io.unpark.ingest.BrokerException;
import io.unpark.ingest.Intake;
import io.unpark.ingest.outgoing.Reasons;
import io.unpark.ingest.spool.SpoolStatus.RefusedFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes in the files that are dropped into a folder, one after the other, the oldest first, and moves each to {@code done} or
 * {@code refused}. A file counts once, however often this is killed between the two: captures and reports are known by their content.
 */
public final class SpoolFolder implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SpoolFolder.class);
    private static final int REFUSED_SHOWN = 20;
    private static final long LOOK_EVERY_MS = 1_000;
    private static final long PRUNE_EVERY_MS = 600_000;
    private static final long TRY_AGAIN_AFTER_MS = 60_000;
    private static final long END_WITHIN_MS = 30_000;

    private final SpoolConfig config;
    private final SpoolTaker taker;
    private final Clock clock;
    private final SpoolTree tree;
    private final FileChannel lock;
    private final Thread thread = new Thread(this::run, "unpark-spool");
    private final Map<Path, Sight> sights = new HashMap<>();
    private final Deque<RefusedFile> lastRefused = new ArrayDeque<>();
    private long prunedMs;
    private int waiting;
    private long taken;
    private long refused;
    private Optional<String> trouble = Optional.empty();
    private volatile boolean closed;

    /** A file as it was seen, and since when it has been so. {@code notBeforeMs}: it was tried and may be whole then. */
    private record Sight(FileTime modified, long size, Object key, long sinceMs, long notBeforeMs) {
        boolean isSame(BasicFileAttributes now) {
            return modified.equals(now.lastModifiedTime())
                    && size == now.size()
                    && (key == null || key.equals(now.fileKey()));
        }

        Sight notBefore(long ms) {
            return new Sight(modified, size, key, sinceMs, ms);
        }
    }

    /**
     * Makes the folder and takes its lock; starts nothing yet.
     *
     * @throws IOException when it cannot be written, or another process has it
     */
    public SpoolFolder(SpoolConfig config, Intake intake, Clock clock) throws IOException {
        this.config = config;
        this.taker = new SpoolTaker(config, intake);
        this.clock = clock;
        Path root = config.folder().toAbsolutePath().normalize();
        this.tree = new SpoolTree(root);
        this.lock = FileChannel.open(root.resolve(".unpark.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        boolean ours = false;
        try {
            ours = lock.tryLock() != null;
        } catch (OverlappingFileLockException e) {
            LOG.debug("locked by this process", e);
        } finally {
            if (!ours) {
                lock.close();
            }
        }
        if (!ours) {
            throw new IOException("another collector takes the files of " + root);
        }
        thread.setDaemon(true);
    }

    /** From now on files are taken. */
    public void start() {
        thread.start();
    }

    private void run() {
        long everyMs = Math.min(LOOK_EVERY_MS, Math.max(20, config.settle().toMillis() / 2));
        while (!closed) {
            round();
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(everyMs));
        }
    }

    /** One look at the folder: takes what is ready. */
    private void round() {
        try {
            Optional<String> wrong = Optional.empty();
            List<Path> ready = look();
            for (Path file : ready) {
                if (closed) {
                    return;
                }
                Optional<String> left = takeOrLeave(file);
                wrong = left.isPresent() ? left : wrong;
            }
            prune();
            note(wrong);
        } catch (BrokerException e) {
            note(Optional.of("files wait for Kafka: " + Reasons.of(e)));
        } catch (IOException e) {
            note(Optional.of(Reasons.of(e) + "; check the folder and its rights"));
        } catch (RuntimeException e) {
            LOG.error("spool folder {}", config.folder(), e);
            note(Optional.of(e.toString()));
        }
    }

    /** A file that cannot be read or moved does not keep the others waiting; why, in that case. */
    private Optional<String> takeOrLeave(Path file) throws BrokerException {
        try {
            take(file);
            return Optional.empty();
        } catch (BrokerException e) {
            throw e;
        } catch (IOException e) {
            Sight sight = sights.get(file);
            if (sight != null) {
                sights.put(file, sight.notBefore(nowMs() + TRY_AGAIN_AFTER_MS));
            }
            return Optional.of(printable(tree.relative(file).toString()) + ": " + Reasons.of(e));
        }
    }

    private synchronized void note(Optional<String> now) {
        if (now.isPresent() && !now.equals(trouble)) {
            LOG.warn("spool folder {}: {}", config.folder(), now.get());
        }
        trouble = now;
    }

    /** Files that have not changed for long enough, the oldest first. */
    private List<Path> look() throws IOException {
        long nowMs = nowMs();
        Map<Path, Sight> seen = new HashMap<>();
        List<Path> ready = new ArrayList<>();
        for (Path file : tree.candidates()) {
            BasicFileAttributes is;
            try {
                is = attributes(file);
            } catch (NoSuchFileException e) {
                continue;
            }
            Sight before = sights.get(file);
            Sight sight = before != null && before.isSame(is)
                    ? before
                    : new Sight(is.lastModifiedTime(), is.size(), is.fileKey(), nowMs, 0);
            seen.put(file, sight);
            if (nowMs - sight.sinceMs() >= config.settle().toMillis() && nowMs >= sight.notBeforeMs()) {
                ready.add(file);
            }
        }
        sights.clear();
        sights.putAll(seen);
        ready.sort(Comparator.comparing((Path it) -> seen.get(it).modified()).thenComparing(it -> it));
        synchronized (this) {
            waiting = seen.size();
        }
        return ready;
    }

    private static BasicFileAttributes attributes(Path file) throws IOException {
        return Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    }

    /** @throws BrokerException when Kafka is away: the file stays */
    private void take(Path file) throws IOException {
        Optional<String> why;
        try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
            why = taker.take(tree.relative(file), attributes(file).lastModifiedTime(), in);
        } catch (NoSuchFileException e) {
            return;
        }
        Sight sight = sights.get(file);
        if (!sight.isSame(attributes(file))) {
            return; // its writer went on: it comes again, and what was taken has no effect twice
        }
        long nowMs = nowMs();
        long wholeMs = sight.sinceMs() + config.cutAfter().toMillis();
        if (why.isPresent() && SpoolTaker.isPerhapsCut(why.get()) && nowMs < wholeMs) {
            sights.put(file, sight.notBefore(wholeMs));
            return;
        }
        finish(file, why);
    }

    private void finish(Path file, Optional<String> why) throws IOException {
        String name = tree.relative(file).toString();
        if (why.isPresent()) {
            String moved = tree.refuse(file, why.get()).toString();
            LOG.warn("spool folder {}: refused {}: {}", config.folder(), printable(name), why.get());
            synchronized (this) {
                refused++;
                lastRefused.addFirst(new RefusedFile(printable(moved), why.get()));
                if (lastRefused.size() > REFUSED_SHOWN) {
                    lastRefused.removeLast();
                }
            }
        } else {
            if (config.keepDone().isZero()) {
                Files.delete(file);
            } else {
                tree.done(file);
            }
            synchronized (this) {
                taken++;
            }
        }
        sights.remove(file);
        synchronized (this) {
            waiting = sights.size();
        }
    }

    private void prune() throws IOException {
        if (nowMs() - prunedMs >= PRUNE_EVERY_MS || prunedMs == 0) {
            tree.prune(clock.instant().minus(config.keepDone()));
            prunedMs = nowMs();
        }
    }

    private static String printable(String name) {
        return name.replaceAll("[\\p{Cc}\\p{Cf}]", "?");
    }

    private static long nowMs() {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
    }

    public synchronized SpoolStatus status() {
        return new SpoolStatus(config.folder().toString(), waiting, taken, refused, List.copyOf(lastRefused), trouble);
    }

    /** Returns when the file at hand is taken, or after half a minute. */
    @Override
    public void close() throws IOException {
        closed = true;
        LockSupport.unpark(thread);
        try {
            thread.join(END_WITHIN_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        lock.close();
    }
}
