package io.unpark.ingest;

import io.unpark.schemas.record.Instance;
import io.unpark.schemas.record.ProfileSnapshot;
import io.unpark.schemas.record.RaceReport;
import io.unpark.trace.TraceFormatException;
import io.unpark.trace.TraceHeader;
import io.unpark.trace.pprof.GoProfile;
import io.unpark.trace.pprof.PprofFormatException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.io.SequenceInputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * What comes in by other ways than a push goes through here: the same limits, counters and dead letters. Thread-safe.
 */
public final class Intake {
    private static final int BATCH = 64;

    private final ChunkProducer producer;
    private final IngestLimits limits;
    private final IngestCounters counters;
    private final LongSupplier nowUnixNs;
    private final DeadLetters deadLetters;

    Intake(ChunkProducer producer, IngestLimits limits, IngestCounters counters, LongSupplier nowUnixNs) {
        this.producer = producer;
        this.limits = limits;
        this.counters = counters;
        this.nowUnixNs = nowUnixNs;
        this.deadLetters = new DeadLetters(producer, limits, counters);
    }

    /** The wall clock, nanoseconds since 1970 UTC. */
    public long nowUnixNs() {
        return nowUnixNs.getAsLong();
    }

    /** Limits of race logs. */
    public RaceLogLimits raceLogLimits() {
        return limits.raceLog();
    }

    /** Begins a trace. */
    public Trace trace(TraceSource source) {
        return new Trace(source);
    }

    /** One trace; for one thread. */
    public final class Trace {
        private final TraceSource source;
        private final TraceIntake intake;

        private Trace(TraceSource source) {
            this.source = source;
            this.intake = new TraceIntake(source, limits.trace(), producer);
        }

        /** What was acknowledged so far, also after {@link #take} has thrown. */
        public IntakeProgress progress() {
            return intake.progress();
        }

        /**
         * Reads it to its end and returns when all is acknowledged. One of an unknown version is kept as a dead letter before the
         * exception tells of it.
         *
         * @param raw plain or compressed; not closed
         * @throws TraceFormatException when it is no trace, or cut or broken
         * @throws DecompressionException when its compression is
         * @throws BrokerException when a generation could not be handed on
         * @throws IOException what reading throws
         */
        public void take(InputStream raw) throws IOException {
            try {
                InputStream plain = Decompression.open(raw, limits.body());
                byte[] header = plain.readNBytes(TraceHeader.LENGTH);
                PushbackInputStream whole = new PushbackInputStream(plain, TraceHeader.LENGTH);
                whole.unread(header);
                try {
                    intake.run(whole);
                } catch (TraceFormatException e) {
                    throw e.reason() == TraceFormatException.Reason.UNKNOWN_VERSION ? kept(header, plain, e) : e;
                }
            } catch (IOException e) {
                refused(e);
                throw e;
            } finally {
                counters.accepted(intake.progress());
            }
        }

        private TraceFormatException kept(byte[] header, InputStream rest, TraceFormatException e) throws IOException {
            InputStream again = new SequenceInputStream(new ByteArrayInputStream(header), rest);
            String kept = deadLetters.keep(source, again, e);
            return new TraceFormatException(e.reason(), e.offset(), e.generation(), e.getMessage() + ". " + kept);
        }
    }

    /**
     * Reads a log to its end and returns when its reports are acknowledged.
     *
     * @param raw plain or compressed; not closed
     * @param unixNs wall clock for reports whose lines do not tell
     * @throws BrokerException when reports could not be handed on
     * @throws IOException what reading throws, {@link DecompressionException} among it; what was whole before was handed on
     */
    public RaceLogSummary raceLog(Instance instance, long unixNs, InputStream raw) throws IOException {
        List<RaceReport> batch = new ArrayList<>(BATCH);
        try {
            RaceLogSummary summary = RaceLogParser.parse(
                    Decompression.open(raw, limits.body()), instance, unixNs, limits.raceLog(), report -> {
                        batch.add(report);
                        if (batch.size() == BATCH) {
                            flush(batch);
                        }
                    });
            flush(batch);
            return summary;
        } catch (UncheckedIOException e) {
            refused(e.getCause());
            throw e.getCause();
        } catch (IOException e) {
            refused(e);
            try {
                reports(batch);
            } catch (BrokerException also) {
                e.addSuppressed(also);
            }
            throw e;
        }
    }

    private void flush(List<RaceReport> batch) {
        try {
            reports(batch);
            batch.clear();
        } catch (BrokerException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns when the reports are acknowledged. */
    public void reports(List<RaceReport> reports) throws BrokerException {
        if (!reports.isEmpty()) {
            producer.acceptReports(reports);
            counters.acceptedReports(reports.size());
        }
    }

    /**
     * Reads a profile to its end and returns when it is acknowledged.
     *
     * @param asked what it is to be
     * @param raw plain or compressed; not closed
     * @throws PprofFormatException when it is no profile, or another one
     * @throws BrokerException when it could not be handed on
     * @throws IOException what reading throws, {@link DecompressionException} among it
     */
    public ProfileSnapshot profile(Instance instance, GoProfile asked, InputStream raw) throws IOException {
        try {
            InputStream plain = Decompression.open(raw, ProfileIntake.limits(limits.body()));
            ProfileSnapshot snapshot = ProfileIntake.read(plain, instance, Optional.of(asked), nowUnixNs());
            producer.acceptProfiles(List.of(snapshot));
            counters.acceptedProfiles(1);
            return snapshot;
        } catch (IOException e) {
            refused(e);
            throw e;
        }
    }

    /** What was refused is told in a word, as in the answers to pushes. */
    public static String reason(IOException e) {
        return refusal(e).key();
    }

    private void refused(IOException e) {
        counters.refused(refusal(e));
    }

    private static Refusal refusal(IOException e) {
        if (e instanceof TraceFormatException format) {
            return Refusal.of(format.reason());
        }
        if (e instanceof PprofFormatException profile) {
            return Refusal.of(profile.reason());
        }
        if (e instanceof DecompressionException compression) {
            return Refusal.of(compression.reason());
        }
        if (e instanceof BrokerException broker) {
            return broker.away() ? Refusal.BROKER_AWAY : Refusal.BROKER_REFUSED;
        }
        return Refusal.TRUNCATED;
    }
}
