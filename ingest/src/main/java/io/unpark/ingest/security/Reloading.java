package io.unpark.ingest.security;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a few small files say, read again when their content changes. The content is compared, not the time: secrets are swapped as
 * links, and within one second. It counts when it was the same twice: a file that an editor is just writing is empty for a moment, which
 * would be a file without any rights. New content that cannot be used is said so in the log once, and the old one stays.
 */
final class Reloading<T> implements Supplier<T>, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Reloading.class);
    private static final int MAX_BYTES = 1 << 20;
    /** After this, content that changed is looked at once more. */
    private static final long SETTLE_MS = 500;

    private final List<Path> files;
    private final Loader<T> loader;
    private final Consumer<T> onChange;
    private final ScheduledExecutorService watcher;
    private final long settleMs;
    private volatile T value;
    /** Digests of the content that the value is of, and of what was found at the last look. */
    private byte[] taken;

    private byte[] looked;
    private String complaint = "";

    /** Makes a value of the files' contents, which are in their order. */
    interface Loader<T> {
        T load(List<byte[]> contents) throws IOException;
    }

    /**
     * Reads them for the first time.
     *
     * @param onChange gets each later value, after it can be got here
     * @throws IOException when they cannot be read or used
     */
    Reloading(List<Path> files, Loader<T> loader, Duration every, Consumer<T> onChange) throws IOException {
        this.files = List.copyOf(files);
        this.loader = loader;
        this.onChange = onChange;
        List<byte[]> contents = read();
        this.taken = digest(contents);
        this.looked = taken;
        this.settleMs = Math.min(SETTLE_MS, every.toMillis());
        this.value = loader.load(contents);
        this.watcher = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "unpark-reload");
            thread.setDaemon(true);
            return thread;
        });
        watcher.scheduleWithFixedDelay(this::look, every.toMillis(), every.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    public T get() {
        return value;
    }

    private void look() {
        try {
            List<byte[]> contents = read();
            byte[] now = digest(contents);
            boolean settled = MessageDigest.isEqual(now, looked);
            looked = now;
            if (!settled) {
                watcher.schedule(this::look, settleMs, TimeUnit.MILLISECONDS);
            } else if (!MessageDigest.isEqual(now, taken)) {
                taken = now;
                value = loader.load(contents);
                onChange.accept(value);
                LOG.info("Read again: {}", files);
            }
            complaint = "";
        } catch (IOException | RuntimeException e) {
            String text = e.toString();
            if (!text.equals(complaint)) {
                complaint = text;
                LOG.warn("{} cannot be used now, what they said before stays in force: {}", files, text);
            }
        }
    }

    private List<byte[]> read() throws IOException {
        List<byte[]> contents = new ArrayList<>(files.size());
        for (Path file : files) {
            if (Files.size(file) > MAX_BYTES) {
                throw new IOException(file + " is larger than " + MAX_BYTES + " bytes");
            }
            contents.add(Files.readAllBytes(file));
        }
        return contents;
    }

    private static byte[] digest(List<byte[]> contents) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (byte[] content : contents) {
                digest.update(digest(content));
            }
            return digest.digest();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    private static byte[] digest(byte[] content) throws NoSuchAlgorithmException {
        return MessageDigest.getInstance("SHA-256").digest(content);
    }

    @Override
    public void close() {
        watcher.shutdownNow();
    }
}
