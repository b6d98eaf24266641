package io.unpark.ingest;

import io.unpark.schemas.record.TraceChunk;
import io.unpark.trace.GenerationSplitter;
import io.unpark.trace.RawGeneration;
import io.unpark.trace.TraceFormatException;
import io.unpark.trace.TraceHeader;
import io.unpark.trace.TraceLimits;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * One trace, a generation at a time, each as the records that travel. For whoever asks for them; {@link TraceIntake} is for
 * those that are told. Holds at most two generations. Not for several threads.
 */
public final class TraceParts {
    private final GenerationSplitter splitter;
    private final ChunkMaker maker;
    private final boolean holdsOneBack;
    private final LongSupplier nowUnixNs;
    private RawGeneration held;
    private long heldUnixNs;
    private boolean begun;
    private IOException cutOrBroken;

    /**
     * Reads the header.
     *
     * @param plain not compressed, see {@link Decompression}; stays the caller's to close
     * @param limits of these, only the size of a generation matters here
     * @throws TraceFormatException when it is no trace, or of an unknown version
     */
    public TraceParts(InputStream plain, TraceSource source, TraceLimits limits) throws IOException {
        splitter = GenerationSplitter.open(plain, limits);
        maker = new ChunkMaker(source, splitter.header());
        nowUnixNs = source.capturedUnixNs();
        // More of a named capture may come in another request: no generation of it is known to be the last.
        holdsOneBack = source.capture().isEmpty();
    }

    TraceHeader header() {
        return splitter.header();
    }

    /** Capture id; null before the first generation. */
    String capture() {
        return maker.capture();
    }

    /** The instance's name; null before the first generation. */
    String instanceName() {
        return maker.instance() == null ? null : maker.instance().getName();
    }

    /**
     * The next generation's parts, in order; null at the end.
     *
     * @throws TraceFormatException when the trace is cut or broken here: its complete generations before were given out
     * @throws IOException what reading throws; the complete generations before were given out
     */
    public List<TraceChunk> next() throws IOException {
        if (!holdsOneBack) {
            RawGeneration next = splitter.next();
            return next == null ? null : maker.parts(next, false, nowUnixNs.getAsLong());
        }
        if (!begun) {
            begun = true;
            hold();
        }
        if (cutOrBroken != null) {
            throw cutOrBroken;
        }
        RawGeneration given = held;
        if (given == null) {
            return null;
        }
        long givenUnixNs = heldUnixNs;
        held = null;
        try {
            // Only when the next one is asked for is it known whether a generation is the last.
            hold();
        } catch (IOException e) {
            cutOrBroken = e;
        }
        return maker.parts(given, held == null && cutOrBroken == null, givenUnixNs);
    }

    /** The clock is asked when a generation is there: of a stream, the next one comes a second later. */
    private void hold() throws IOException {
        held = splitter.next();
        if (held != null) {
            heldUnixNs = nowUnixNs.getAsLong();
        }
    }
}
