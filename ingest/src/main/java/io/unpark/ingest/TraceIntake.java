package io.unpark.ingest;

import io.unpark.schemas.record.TraceChunk;
import io.unpark.trace.TraceFormatException;
import io.unpark.trace.TraceLimits;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;

/**
 * Takes one trace in: cuts it into generations, makes records of them, and hands them on one generation at a time. For pushes and
 * for files alike. One object takes one trace, from one thread.
 */
public final class TraceIntake {
    private final TraceSource source;
    private final TraceLimits limits;
    private final ChunkSink sink;
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
        TraceParts trace = new TraceParts(plain, source, limits);
        progress = new IntakeProgress(0, 0, "", "", trace.header().goMinor());
        for (List<TraceChunk> parts = trace.next(); parts != null; parts = trace.next()) {
            handOn(parts, trace);
        }
        return progress;
    }

    private void handOn(List<TraceChunk> parts, TraceParts trace) throws BrokerException {
        try {
            sink.accept(parts);
        } catch (BrokerException e) {
            throw e.after(progress.generations());
        }
        progress = new IntakeProgress(
                progress.generations() + 1,
                progress.bytes()
                        + parts.stream().mapToLong(it -> it.getBytes().limit()).sum(),
                trace.capture(),
                trace.instanceName(),
                progress.goMinor());
    }
}
