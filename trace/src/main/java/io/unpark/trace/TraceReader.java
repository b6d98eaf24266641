package io.unpark.trace;

import io.unpark.trace.TraceFormatException.Reason;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;

/**
 * Decodes a whole trace: the same events in the same order as Go's own reader ({@code golang.org/x/exp/trace}), the
 * scheduler's state carried over from generation to generation. Holds one generation at a time, so memory follows the
 * largest generation, not the trace's length. Not thread-safe.
 */
public final class TraceReader implements Closeable {
    private final GenerationSplitter splitter;
    private final GenerationDecoder decoder;
    private int syncs;
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

    public TraceHeader header() {
        return splitter.header();
    }

    /** Generations decoded whole so far. */
    public int completeGenerations() {
        return Math.max(0, syncs - 1);
    }

    /**
     * Decodes the next generation; at the end of a good trace tells the last {@link EventVisitor#sync} and returns false.
     *
     * @throws TraceFormatException when the rest is cut or broken. All generations before it were told whole, and {@link
     *     TraceFormatException#completeGenerations} counts them. Where the input itself broke off, the last sync was told;
     *     where an event breaks the rules, that generation's events before it were told. Further calls throw it again.
     */
    public boolean readGeneration(EventVisitor visitor) throws IOException {
        if (failure != null) {
            throw failure;
        }
        if (ended) {
            return false;
        }
        try {
            if (index()) {
                replay(visitor);
                return true;
            }
        } catch (TraceFormatException e) {
            failure = e;
            if (!replaying) {
                decoder.lastSync(visitor, syncs);
            }
            throw e;
        }
        ended = true;
        decoder.lastSync(visitor, syncs);
        return false;
    }

    private boolean replaying;
    private int complete;

    private boolean index() throws IOException {
        replaying = false;
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

    private void replay(EventVisitor visitor) throws TraceFormatException {
        replaying = true;
        try {
            decoder.replay(visitor, syncs++);
            complete++;
        } catch (TraceFormatException e) {
            throw placed(e);
        }
    }

    /** Where the fault is in the whole input; and what only the end of an input makes look broken, was cut. */
    private TraceFormatException placed(TraceFormatException e) {
        TraceFormatException fault = e.within(splitter.offset(), complete);
        if (!splitter.endedByInput() || fault.reason() != Reason.CORRUPT) {
            return fault;
        }
        return new TraceFormatException(
                Reason.TRUNCATED,
                fault.offset(),
                fault.generation(),
                complete,
                "the input ends in this generation, which is not whole: " + fault.getMessage());
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
