package io.unpark.trace;

import io.unpark.trace.TraceFormatException.Reason;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Cuts a trace into its generations without decoding events: only the frames of batches are read. Holds one generation at
 * a time.
 *
 * <p>From Go 1.26 on a generation ends with a marker; before, where the next one begins or where the input ends between two
 * batches. In those older formats a file that was cut exactly there cannot be told from a whole one.
 */
public final class GenerationSplitter implements Closeable {
    private static final int CHUNK = 64 << 10;
    /** An input that is there already, and not longer, is read without making the buffer larger. */
    private static final int FIRST_BUFFER_MAX = 8 << 20;

    private final InputStream in;
    private final TraceLimits limits;
    private final TraceHeader header;
    private final boolean marked;
    private final BatchHeader batch = new BatchHeader();

    private byte[] buffer;
    private int filled;
    private boolean inputEnded;
    /** Where the buffer begins in the input. */
    private long base = TraceHeader.LENGTH;
    /** The generation at hand is the buffer's first so many bytes. */
    private int length;

    private long generation;
    private int complete;
    private TraceFormatException pending;
    private boolean endedByInput;

    private GenerationSplitter(InputStream in, TraceLimits limits) throws IOException {
        this.in = in;
        this.limits = limits;
        this.header = HeaderReader.read(in.readNBytes(TraceHeader.LENGTH));
        long there = Math.min(FIRST_BUFFER_MAX, in.available() + 1L);
        this.buffer = new byte[(int) Math.min(mostBytes(), Math.max(CHUNK, there))];
        this.marked = header.goMinor() >= WireEvent.END_OF_GENERATION.sinceGoMinor;
    }

    /**
     * Reads the header.
     *
     * @throws TraceFormatException when the input is empty, no trace, or of a version that is not understood
     */
    public static GenerationSplitter open(InputStream in, TraceLimits limits) throws IOException {
        return new GenerationSplitter(in, limits);
    }

    public static GenerationSplitter open(InputStream in) throws IOException {
        return open(in, TraceLimits.defaults());
    }

    public TraceHeader header() {
        return header;
    }

    /** Generations given out so far, all of them whole. */
    public int completeGenerations() {
        return complete;
    }

    /**
     * The next whole generation, its bytes a copy of their own; null when the trace has ended well.
     *
     * @throws TraceFormatException when the rest of the input is cut or broken; {@link
     *     TraceFormatException#completeGenerations} says how many whole generations came before. Further calls throw it
     *     again.
     */
    public RawGeneration next() throws IOException {
        if (!advance()) {
            return null;
        }
        return new RawGeneration(generation, ByteBuffer.wrap(Arrays.copyOf(buffer, length)));
    }

    @Override
    public void close() throws IOException {
        in.close();
    }

    /** Makes the next generation the one at hand; false at the end. */
    boolean advance() throws IOException {
        if (pending != null) {
            throw pending;
        }
        drop();
        try {
            if (!scan()) {
                return false;
            }
        } catch (TraceFormatException e) {
            pending = e.within(base, complete);
            throw pending;
        }
        complete++;
        return true;
    }

    /** The bytes of the generation at hand, from 0 to {@link #length}; they change with the next {@link #advance}. */
    byte[] data() {
        return buffer;
    }

    int length() {
        return length;
    }

    /** Where the generation at hand begins in the input. */
    long offset() {
        return base;
    }

    /** Whether only the end of the input ended the generation at hand: it may be cut. */
    boolean endedByInput() {
        return endedByInput;
    }

    private void drop() {
        System.arraycopy(buffer, length, buffer, 0, filled - length);
        filled -= length;
        base += length;
        length = 0;
        generation = 0;
    }

    /** Finds the end of the generation that begins with the buffer; false when there is none any more. */
    private boolean scan() throws IOException {
        int pos = 0;
        while (true) {
            if (pos == filled && !fill()) {
                return endOfInput(pos);
            }
            if (!readBatchHeader(pos)) {
                length = pos;
                return true;
            }
            if (batch.endOfGeneration()) {
                length = batch.end();
                return true;
            }
            if (!belongs(pos)) {
                length = pos;
                return true;
            }
            pos = batch.end();
        }
    }

    /** Reads a whole batch; false when the input breaks off or goes wrong behind a generation that counts as complete. */
    private boolean readBatchHeader(int pos) throws IOException {
        TraceFormatException fault = null;
        try {
            while (fault == null && batch.parse(buffer, pos, filled, header.goMinor()) == BatchHeader.Status.CUT) {
                fault = fill()
                        ? null
                        : new TraceFormatException(Reason.TRUNCATED, filled, numberAt(pos), cutMessage(pos));
            }
        } catch (TraceFormatException e) {
            if (e.reason() != Reason.CORRUPT) {
                throw e;
            }
            fault = e;
        }
        return fault == null || laterOrNow(pos, fault);
    }

    private String cutMessage(int pos) {
        return "the input ends inside a batch" + inGeneration(numberAt(pos));
    }

    private long numberAt(int pos) {
        return pos == 0 && batch.generationKnown() ? batch.generation() : generation;
    }

    /** Before Go 1.26, a broken batch that is not known to be of this generation tells nothing against it. */
    private boolean laterOrNow(int pos, TraceFormatException fault) throws TraceFormatException {
        boolean ofThis = batch.generationKnown() && batch.generation() == generation;
        if (marked || pos == 0 || ofThis) {
            throw fault;
        }
        endedByInput = true;
        pending = fault.within(base, complete + 1);
        return false;
    }

    /** Whether the batch just read is of the generation at hand, or the first of the next one. */
    private boolean belongs(int pos) throws TraceFormatException {
        long number = batch.generation();
        if (pos == 0) {
            generation = number;
        }
        if (number == generation && number != 0) {
            return true;
        }
        if (!marked && number == generation + 1) {
            endedByInput = false;
            return false;
        }
        throw new TraceFormatException(
                Reason.CORRUPT,
                pos,
                generation,
                "a batch of generation " + Long.toUnsignedString(number) + inGeneration(generation));
    }

    private boolean endOfInput(int pos) throws TraceFormatException {
        if (pos == 0 && complete > 0) {
            return false;
        }
        if (pos == 0) {
            throw new TraceFormatException(
                    Reason.TRUNCATED, 0, 0, "the trace ends after its header, without a generation");
        }
        if (marked) {
            throw new TraceFormatException(
                    Reason.TRUNCATED,
                    pos,
                    generation,
                    "the input ends" + inGeneration(generation) + ", before its EndOfGeneration");
        }
        endedByInput = true;
        length = pos;
        return true;
    }

    private static String inGeneration(long number) {
        return number == 0 ? "" : " in generation " + Long.toUnsignedString(number);
    }

    /** Reads more, into a larger buffer when needed; false at the end of the input. */
    private boolean fill() throws IOException {
        if (inputEnded) {
            return false;
        }
        if (filled == buffer.length) {
            grow();
        }
        // What is read ahead is moved for each generation: it stays small, also in a large buffer.
        int n = in.read(buffer, filled, Math.min(CHUNK, buffer.length - filled));
        inputEnded = n < 0;
        filled += Math.max(n, 0);
        return !inputEnded;
    }

    private void grow() throws TraceFormatException {
        if (filled >= mostBytes()) {
            throw new TraceFormatException(
                    Reason.LIMIT,
                    filled,
                    generation,
                    "generation " + Long.toUnsignedString(generation) + " is larger than " + limits.maxGenerationBytes()
                            + " bytes");
        }
        buffer = Arrays.copyOf(buffer, (int) Math.min(mostBytes(), 2L * buffer.length));
    }

    /** One batch more than a generation may have, to see where it ends. */
    private long mostBytes() {
        return (long) limits.maxGenerationBytes() + TraceLimits.MAX_BATCH_BYTES;
    }
}
