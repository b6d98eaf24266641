package io.unpark.ingest.races;

import io.unpark.ingest.BrokerException;
import io.unpark.ingest.Intake;
import io.unpark.ingest.outgoing.Reasons;
import io.unpark.ingest.races.PlaceStore.Remembered;
import io.unpark.ingest.races.RaceLogsStatus.FileStatus;
import io.unpark.schemas.record.Instance;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows race logs: files that come and go, are renamed, truncated, and written line by line. Where it was is remembered over restarts.
 * Files are known by what the system calls them, not by their names, so that a renamed one is not read twice.
 */
public final class RaceLogs implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RaceLogs.class);
    private static final Duration QUIET = Duration.ofSeconds(10);
    private static final Duration CLOSE_AFTER = Duration.ofMinutes(5);
    private static final Duration FORGET_AFTER = Duration.ofDays(7);
    private static final int MAX_FILES = 10_000;
    /** An open file is read to its end though it was renamed or deleted; beyond so many, each is opened when it has grown. */
    private static final int MAX_OPEN = 200;

    private static final int SHOWN = 100;
    private static final long END_WITHIN_MS = 30_000;

    private final List<RaceLogSource> sources;
    private final Intake intake;
    private final Clock clock;
    private final long lookEveryMs;
    private final long quietMs;
    private final PlaceStore store;
    private final Map<String, Remembered> remembered;
    private final Map<String, FollowedFile> files = new HashMap<>();
    private final Thread thread = new Thread(this::run, "unpark-race-logs");
    private volatile RaceLogsStatus status = new RaceLogsStatus(List.of(), 0, 0, Optional.empty());
    private volatile boolean closed;
    private int openFiles;
    private long truncations;
    private Optional<String> trouble = Optional.empty();

    /** As the other, looking once a second, and giving out half a report after ten seconds of silence. */
    public RaceLogs(List<RaceLogSource> sources, Path state, Intake intake, Clock clock) throws IOException {
        this(sources, state, intake, clock, Duration.ofSeconds(1), QUIET);
    }

    /**
     * Reads what was remembered; starts nothing yet.
     *
     * @param state folder where the places are remembered; of one process at a time
     * @param lookEvery time between looks
     * @param quiet a report whose log says nothing more for so long is taken as it is
     */
    public RaceLogs(
            List<RaceLogSource> sources, Path state, Intake intake, Clock clock, Duration lookEvery, Duration quiet)
            throws IOException {
        this.sources = List.copyOf(sources);
        this.intake = intake;
        this.clock = clock;
        this.lookEveryMs = lookEvery.toMillis();
        this.quietMs = quiet.toMillis();
        this.store = new PlaceStore(state);
        this.remembered = new LinkedHashMap<>(store.read());
        thread.setDaemon(true);
    }

    /** From now on files are followed. */
    public void start() {
        thread.start();
    }

    private void run() {
        while (!closed) {
            Optional<String> now = round();
            if (now.isPresent() && !now.equals(trouble)) {
                LOG.warn("race logs: {}", now.get());
            }
            trouble = now;
            status = look();
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(lookEveryMs));
        }
        for (FollowedFile file : files.values()) {
            closeQuietly(file);
        }
    }

    /** What went wrong, if something did. */
    private Optional<String> round() {
        Optional<String> wrong = Optional.empty();
        try {
            Set<String> there = new HashSet<>();
            openFiles =
                    (int) files.values().stream().filter(FollowedFile::isOpen).count();
            for (RaceLogSource source : sources) {
                for (Path path : source.files()) {
                    Optional<String> here = visit(source, path, there);
                    wrong = here.isPresent() ? here : wrong;
                }
            }
            leave(there);
            remember(there);
        } catch (BrokerException e) {
            wrong = Optional.of("reports wait for Kafka: " + Reasons.of(e));
        } catch (IOException e) {
            wrong = Optional.of(Reasons.of(e));
        } catch (RuntimeException e) {
            LOG.error("race logs", e);
            wrong = Optional.of(e.toString());
        }
        return wrong;
    }

    /** @throws BrokerException when Kafka is away: no use in looking at others */
    private Optional<String> visit(RaceLogSource source, Path path, Set<String> there) throws BrokerException {
        try {
            BasicFileAttributes is = Files.readAttributes(path, BasicFileAttributes.class);
            String key = is.fileKey() == null ? path.toString() : is.fileKey().toString();
            if (!there.add(key)) {
                return Optional.empty();
            }
            FollowedFile file = files.get(key);
            if (file == null) {
                if (files.size() >= MAX_FILES) {
                    return Optional.of("more than " + MAX_FILES + " files: " + path + " is not followed");
                }
                Place place = remembered.containsKey(key) ? remembered.get(key).place() : Place.START;
                file = new FollowedFile(source, path, place, intake, nowMs());
                files.put(key, file);
                openFiles++;
            }
            file.movedTo(path);
            advance(file, is);
            return Optional.empty();
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (BrokerException e) {
            throw e;
        } catch (IOException e) {
            return Optional.of(path + ": " + Reasons.of(e));
        }
    }

    private void advance(FollowedFile file, BasicFileAttributes is) throws IOException {
        long modifiedUnixNs = is.lastModifiedTime().to(TimeUnit.NANOSECONDS);
        boolean changed = file.isOpen() || is.size() != file.place().offset();
        openFiles += changed && !file.isOpen() ? 1 : 0;
        long before = file.truncations();
        while (changed && !closed && file.read(modifiedUnixNs, nowMs())) {
            LOG.debug("{}: more to read", file.path());
        }
        truncations += file.truncations() - before;
        if (file.quietMs(nowMs()) >= quietMs) {
            file.flush();
        }
        if (file.isOpen() && (openFiles > MAX_OPEN || file.quietMs(nowMs()) >= CLOSE_AFTER.toMillis())) {
            file.close();
            openFiles--;
        }
    }

    /** Files that are not there any more under any name: what was added before they went is still in reach. */
    private void leave(Set<String> there) throws BrokerException {
        for (var entries = files.entrySet().iterator(); entries.hasNext(); ) {
            var entry = entries.next();
            if (there.contains(entry.getKey())) {
                continue;
            }
            FollowedFile file = entry.getValue();
            try {
                if (file.isOpen()) {
                    file.read(clock.millis() * 1_000_000L, nowMs());
                    if (file.quietMs(nowMs()) < quietMs) {
                        continue; // its writer may have it open still
                    }
                    file.flush();
                }
                note(entry.getKey(), file);
            } catch (BrokerException e) {
                throw e;
            } catch (IOException e) {
                LOG.warn("{}: {}", file.path(), Reasons.of(e));
            }
            closeQuietly(file);
            entries.remove();
        }
    }

    private void note(String key, FollowedFile file) {
        Remembered before = remembered.get(key);
        long nowMs = clock.millis();
        boolean stale = before == null || nowMs - before.seenUnixMs() > FORGET_AFTER.toMillis() / 2;
        String path = file.path().toString();
        if (stale || !before.place().equals(file.place()) || !before.path().equals(path)) {
            remembered.put(key, new Remembered(path, file.place(), nowMs));
        }
    }

    private void remember(Set<String> there) throws IOException {
        files.forEach((key, file) -> note(key, file));
        long oldestMs = clock.millis() - FORGET_AFTER.toMillis();
        remembered
                .entrySet()
                .removeIf(it -> !there.contains(it.getKey()) && it.getValue().seenUnixMs() < oldestMs);
        store.write(remembered);
    }

    private RaceLogsStatus look() {
        List<FileStatus> shown = new ArrayList<>();
        for (Map.Entry<String, FollowedFile> entry : files.entrySet()) {
            FollowedFile file = entry.getValue();
            Instance instance = file.instance();
            shown.add(new FileStatus(
                    file.path().toString(),
                    instance.getService(),
                    instance.getName(),
                    file.place().offset(),
                    file.openBytes(),
                    file.trouble()));
        }
        shown.sort(Comparator.comparing((FileStatus it) -> it.trouble().isEmpty())
                .thenComparing(it -> -it.openBytes())
                .thenComparing(FileStatus::path));
        return new RaceLogsStatus(
                List.copyOf(shown.subList(0, Math.min(SHOWN, shown.size()))), shown.size(), truncations, trouble);
    }

    private static void closeQuietly(FollowedFile file) {
        try {
            file.close();
        } catch (IOException e) {
            LOG.debug("closing {}", file.path(), e);
        }
    }

    private static long nowMs() {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
    }

    /** As of the last look. */
    public RaceLogsStatus status() {
        return status;
    }

    /** What is not acknowledged is read again by the next one. */
    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(thread);
        try {
            thread.join(END_WITHIN_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
