package io.unpark.ingest;

import io.unpark.trace.GenerationSplitter;
import io.unpark.trace.RawGeneration;
import io.unpark.trace.TraceFormatException;
import io.unpark.trace.TraceLimits;
import java.io.IOException;
import java.io.InputStream;

/**
 * Takes one trace in: cuts it into generations, makes records of them, and hands them on one generation at a time. For pushes and
 * for files alike. One object takes one trace, from one thread.
 */
public final class TraceIntake {
    private final TraceSource source;
    private final TraceLimits limits;
    private final ChunkSink sink;
    private ChunkMaker maker;
    private IntakeProgress progress = IntakeProgress.NOTHING;

    /** @param limits of these, only the size of a generation matters here */
    public TraceIntake(TraceSource source, TraceLimits limits, ChunkSink sink) {
        this.source = source;
        this.limits = limits;
        this.sink = sink;
    }

    /** What was acknowledged: after {@link #run}, also after it has thrown. */
    public IntakeProgress progress() {
        return progress;
    }

    /**
     * Reads the trace to its end.
     *
     * @param plain not compressed, see {@link Decompression}; not closed
     * @throws TraceFormatException when it is no trace, or cut or broken: its complete generations before that were handed on
     * @throws BrokerException when a generation could not be handed on, with the number of those that were
     * @throws IOException what reading {@code plain} throws; the complete generations before were handed on
     */
    public IntakeProgress run(InputStream plain) throws IOException {
        @SuppressWarnings("resource") // closing it would close the caller's stream
        GenerationSplitter splitter = GenerationSplitter.open(plain, limits);
        maker = new ChunkMaker(source, splitter.header());
        progress = new IntakeProgress(0, 0, "", "", splitter.header().goMinor());
        if (source.capture().isPresent()) {
            // More of this capture may come in another request: no generation is known to be the last.
            for (RawGeneration next = splitter.next(); next != null; next = splitter.next()) {
                handOn(next, false);
            }
        } else {
            holdOneBack(splitter);
        }
        return progress;
    }

    /** Only when the next one is asked for is it known whether a generation is the last. */
    private void holdOneBack(GenerationSplitter splitter) throws IOException {
        RawGeneration held = splitter.next();
        while (held != null) {
            RawGeneration next;
            try {
                next = splitter.next();
            } catch (IOException cutOrBroken) {
                handOn(held, false);
                throw cutOrBroken;
            }
            handOn(held, next == null);
            held = next;
        }
    }

    private void handOn(RawGeneration generation, boolean last) throws BrokerException {
        try {
            sink.accept(maker.parts(generation, last));
        } catch (BrokerException e) {
            throw e.after(progress.generations());
        }
        progress = new IntakeProgress(
                progress.generations() + 1,
                progress.bytes() + generation.bytes().limit(),
                maker.capture(),
                maker.instance().getName(),
                progress.goMinor());
    }
}
