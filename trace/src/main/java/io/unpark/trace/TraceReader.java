package io.unpark.trace;

import io.unpark.trace.TraceFormatException.Reason;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;

/**
 * Decodes a whole trace: the same events in the same order as Go's own reader ({@code golang.org/x/exp/trace}), the
 * scheduler's state carried over from generation to generation. Holds one generation at a time, so memory follows the
 * largest generation, not the trace's length. Not thread-safe.
 */
public final class TraceReader implements Closeable {
    private final GenerationSplitter splitter;
    private final GenerationDecoder decoder;
    private int complete;
    /** Between the first event of a generation and its end. */
    private boolean inside;

    private boolean ended;
    private TraceFormatException failure;

    private TraceReader(GenerationSplitter splitter, TraceLimits limits) {
        this.splitter = splitter;
        this.decoder = new GenerationDecoder(splitter.header().goMinor(), limits);
    }

    /**
     * Reads the header.
     *
     * @throws TraceFormatException when the input is empty, no trace, or of a version that is not understood
     */
    public static TraceReader open(InputStream in, TraceLimits limits) throws IOException {
        return new TraceReader(GenerationSplitter.open(in, limits), limits);
    }

    public static TraceReader open(InputStream in) throws IOException {
        return open(in, TraceLimits.defaults());
    }

    /** As {@link #open(InputStream)}, from a buffer's position to its limit; the buffer is left unchanged. */
    public static TraceReader open(ByteBuffer bytes) throws IOException {
        return open(new BufferInput(bytes.duplicate()));
    }

    /** As {@link #open(Path, TraceLimits)} with the default limits. */
    public static TraceReader open(Path file) throws IOException {
        return open(file, TraceLimits.defaults());
    }

    /** As {@link #open(InputStream, TraceLimits)}, from a file that is mapped into memory, window by window. */
    public static TraceReader open(Path file, TraceLimits limits) throws IOException {
        FileChannel channel = FileChannel.open(file);
        try {
            return open(new MappedInput(channel, MappedInput.WINDOW_BYTES), limits);
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    public TraceHeader header() {
        return splitter.header();
    }

    /** Generations decoded whole so far. */
    public int completeGenerations() {
        return complete;
    }

    /**
     * Decodes the next generation; at the end of a good trace tells the last {@link EventVisitor#sync} and returns false.
     *
     * @throws TraceFormatException when the rest is cut or broken. All generations before it were told whole, and {@link
     *     TraceFormatException#completeGenerations} counts them. Where the input itself broke off, the last sync was told;
     *     where an event breaks the rules, that generation's events before it were told. Further calls throw it again.
     */
    public boolean readGeneration(EventVisitor visitor) throws IOException {
        return read(visitor, true);
    }

    /** As {@link #readGeneration}, but one event of the wire at a time, which may tell the visitor several, or none. */
    boolean readStep(EventVisitor visitor) throws IOException {
        return read(visitor, false);
    }

    /** Whether an exception was thrown, which all further calls throw as well. */
    boolean failed() {
        return failure != null;
    }

    private boolean read(EventVisitor visitor, boolean whole) throws IOException {
        if (failure != null) {
            throw failure;
        }
        if (ended) {
            return false;
        }
        try {
            if (inside || index()) {
                decode(visitor, whole);
                return true;
            }
        } catch (TraceFormatException e) {
            failure = e;
            if (!inside) {
                decoder.lastSync(visitor, complete);
            }
            throw e;
        }
        ended = true;
        decoder.lastSync(visitor, complete);
        return false;
    }

    private boolean index() throws IOException {
        if (!splitter.advance()) {
            return false;
        }
        try {
            decoder.index(splitter.data(), 0, splitter.length());
            return true;
        } catch (TraceFormatException e) {
            throw placed(e);
        }
    }

    private void decode(EventVisitor visitor, boolean whole) throws TraceFormatException {
        try {
            if (!inside) {
                inside = true;
                decoder.begin(visitor, complete);
            }
            if (whole) {
                decoder.rest(visitor);
            } else if (decoder.step(visitor)) {
                return;
            }
            inside = false;
            complete++;
        } catch (TraceFormatException e) {
            throw placed(e);
        }
    }

    /** Where the fault is in the whole input. */
    private TraceFormatException placed(TraceFormatException e) {
        TraceFormatException fault = e.within(splitter.offset(), complete);
        if (!splitter.endedByInput() || fault.reason() != Reason.CORRUPT) {
            return fault;
        }
        // Before Go 1.26 nothing tells a generation that was cut between two batches from a broken one.
        return new TraceFormatException(
                Reason.CORRUPT,
                fault.offset(),
                fault.generation(),
                complete,
                fault.getMessage() + " (the input ends in this generation, so it may have been cut)");
    }

    @Override
    public void close() throws IOException {
        splitter.close();
    }

    /** A buffer as a stream. */
    private static final class BufferInput extends InputStream {
        private final ByteBuffer bytes;

        BufferInput(ByteBuffer bytes) {
            this.bytes = bytes;
        }

        @Override
        public int read() {
            return bytes.hasRemaining() ? bytes.get() & 0xff : -1;
        }

        @Override
        public int read(byte[] to, int offset, int length) {
            if (!bytes.hasRemaining()) {
                return -1;
            }
            int n = Math.min(length, bytes.remaining());
            bytes.get(to, offset, n);
            return n;
        }
    }
}
