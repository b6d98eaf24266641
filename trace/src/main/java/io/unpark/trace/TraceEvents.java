package io.unpark.trace;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * A trace's events one by one, as records: the view for people. It holds one generation's bytes and the event at hand, so
 * a trace of any length can be read. Whoever reads millions of events a second takes {@link TraceReader} and an {@link
 * EventVisitor}, which tell the same in the same order. Not thread-safe.
 */
public final class TraceEvents implements Closeable {
    private final TraceReader reader;
    private final EventRecorder recorder = new EventRecorder();

    private TraceEvents(TraceReader reader) {
        this.reader = reader;
    }

    /**
     * Reads a file's header.
     *
     * @throws TraceFormatException when the file is empty, no trace, or of a version that is not understood
     */
    public static TraceEvents open(Path file) throws IOException {
        return new TraceEvents(TraceReader.open(file));
    }

    /** As {@link #open(Path)}; closing the events closes the stream. */
    public static TraceEvents open(InputStream in) throws IOException {
        return new TraceEvents(TraceReader.open(in));
    }

    /** As {@link #open(Path)}, from a buffer's position to its limit; the buffer is left unchanged. */
    public static TraceEvents open(ByteBuffer bytes) throws IOException {
        return new TraceEvents(TraceReader.open(bytes));
    }

    public TraceHeader header() {
        return reader.header();
    }

    /** Generations given out whole so far. */
    public int completeGenerations() {
        return reader.completeGenerations();
    }

    /**
     * The next event; null after the last one.
     *
     * @throws TraceFormatException when the rest is cut or broken; all events before it were given out, and {@link
     *     TraceFormatException#completeGenerations} says how many whole generations they are. Further calls throw it again.
     */
    public TraceEvent next() throws IOException {
        TraceEvent event = recorder.poll();
        while (event == null) {
            if (!stepOrFail()) {
                return recorder.poll();
            }
            event = recorder.poll();
        }
        return event;
    }

    /** All that follows, lazily. What {@link #next} throws comes out of it inside an {@link UncheckedIOException}. */
    public Stream<TraceEvent> stream() {
        return StreamSupport.stream(new Remaining(this), false).onClose(this::closeUnchecked);
    }

    @Override
    public void close() throws IOException {
        reader.close();
    }

    /** False at the end, and where a failure follows what was still told: the next call throws it. */
    private boolean stepOrFail() throws IOException {
        boolean failedBefore = reader.failed();
        try {
            return reader.readStep(recorder);
        } catch (TraceFormatException e) {
            if (failedBefore) {
                throw e;
            }
            return true;
        }
    }

    private void closeUnchecked() {
        try {
            close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static final class Remaining extends Spliterators.AbstractSpliterator<TraceEvent> {
        private final TraceEvents events;

        Remaining(TraceEvents events) {
            super(Long.MAX_VALUE, Spliterator.ORDERED | Spliterator.NONNULL | Spliterator.IMMUTABLE);
            this.events = events;
        }

        @Override
        public boolean tryAdvance(Consumer<? super TraceEvent> action) {
            try {
                TraceEvent event = events.next();
                if (event != null) {
                    action.accept(event);
                }
                return event != null;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
