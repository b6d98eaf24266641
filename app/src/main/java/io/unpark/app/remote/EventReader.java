package io.unpark.app.remote;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Server-sent events, as far as a sink uses them. For one thread. */
final class EventReader implements AutoCloseable {
    private static final int BUFFER_BYTES = 8 << 10;
    private static final int LINE_BYTES_MAX = 1 << 20;
    /** A sink says something every 10 s; one that is silent for so long is gone, though nobody closed the connection. */
    private static final long SILENCE_MAX_S = 60;

    /** @param id what to say to go on after it, "" when it has none */
    record Event(String name, String id, String data) {}

    private final InputStream in;
    private final byte[] buffer = new byte[BUFFER_BYTES];
    private final ScheduledExecutorService watch = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "unpark-events-watch");
        thread.setDaemon(true);
        return thread;
    });
    /** What has come of a line, and of an event; its name and id are those of the last one until it says others. */
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();

    private String name = "";
    private String id = "";
    private String data = "";
    private int at;
    private int filled;
    private volatile long heardNs = System.nanoTime();

    EventReader(InputStream in) {
        this.in = in;
        watch.scheduleWithFixedDelay(this::closeIfSilent, SILENCE_MAX_S, SILENCE_MAX_S / 4, TimeUnit.SECONDS);
    }

    private void closeIfSilent() {
        if (System.nanoTime() - heardNs > TimeUnit.SECONDS.toNanos(SILENCE_MAX_S)) {
            try {
                in.close();
            } catch (IOException e) {
                // It is given up anyway: whoever reads is told by its own exception.
            }
        }
    }

    /** The next event, waiting for it; {@link EOFException} when the server ended. */
    Event next() throws IOException {
        return read(true).orElseThrow();
    }

    /** The next event if all of it has come. */
    Optional<Event> poll() throws IOException {
        return read(false);
    }

    private Optional<Event> read(boolean waits) throws IOException {
        while (waits || at < filled || in.available() > 0) {
            if (at == filled) {
                fill();
            }
            byte next = buffer[at++];
            if (next != '\n') {
                append(next);
            } else if (endsEvent()) {
                Event event = new Event(name, id, data);
                data = "";
                return Optional.of(event);
            }
        }
        return Optional.empty();
    }

    private void append(byte next) throws IOException {
        if (line.size() == LINE_BYTES_MAX) {
            throw new IOException("a line of an event is longer than " + LINE_BYTES_MAX + " bytes");
        }
        line.write(next);
    }

    /** Takes a line; an empty one after data is the end of an event, after a comment it is nothing. */
    private boolean endsEvent() {
        String text = line.toString(StandardCharsets.UTF_8).stripTrailing();
        line.reset();
        if (text.startsWith("event:")) {
            name = value(text);
        } else if (text.startsWith("id:")) {
            id = value(text);
        } else if (text.startsWith("data:")) {
            data = value(text);
        }
        return text.isEmpty() && !data.isEmpty();
    }

    private static String value(String line) {
        return line.substring(line.indexOf(':') + 1).strip();
    }

    private void fill() throws IOException {
        at = 0;
        filled = Math.max(0, in.read(buffer));
        if (filled == 0) {
            throw new EOFException("the server ended");
        }
        heardNs = System.nanoTime();
    }

    @Override
    public void close() throws IOException {
        watch.shutdownNow();
        in.close();
    }
}
