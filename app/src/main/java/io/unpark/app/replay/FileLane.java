package io.unpark.app.replay;

import io.unpark.app.analyze.FileMeter;
import io.unpark.app.analyze.Input;
import io.unpark.app.analyze.Outcome;
import io.unpark.ingest.ChunkProducer;
import io.unpark.ingest.Decompression;
import io.unpark.ingest.TraceParts;
import io.unpark.schemas.record.ProfileSnapshot;
import io.unpark.schemas.record.RaceReport;
import io.unpark.schemas.record.TraceChunk;
import io.unpark.trace.TraceLimits;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/** The files of one instance, one after the other. What is wrong with one never stops the others. */
final class FileLane implements Lane {
    private static final int REPORTS_AT_A_TIME = 64;
    /** The archive tells the collector's time, the range is of the events'. */
    private static final long CLOCKS_DIFFER_NS = Duration.ofHours(2).toNanos();

    private final List<Input> files;
    private final Iterator<Input> left;
    private final FileMeter meter;
    private final TimeRange range;
    private final EventTimes times = new EventTimes();
    private final List<Outcome> outcomes = new ArrayList<>();

    private Input current;
    private InputStream in;
    private TraceParts parts;
    private int sent;

    FileLane(List<Input> files, FileMeter meter, TimeRange range) {
        this.files = List.copyOf(files);
        this.left = this.files.iterator();
        this.meter = meter;
        this.range = range;
    }

    /** What became of the files that were read so far. */
    List<Outcome> outcomes() {
        return outcomes;
    }

    @Override
    public long beginUnixNs() {
        Input first = files.get(0);
        if (first.type() != Input.Type.TRACE) {
            return Moment.TIMELESS;
        }
        if (first.archived().isPresent()) {
            return first.archived().get().firstUnixNs();
        }
        try (InputStream plain = Decompression.open(Files.newInputStream(first.file()), Decompression.Limits.FILES)) {
            List<TraceChunk> generation = new TraceParts(plain, first.source(), TraceLimits.defaults()).next();
            return generation == null ? Moment.TIMELESS : new EventTimes().unixNs(generation.get(0));
        } catch (IOException e) {
            return Moment.TIMELESS; // said when it is read
        }
    }

    @Override
    public Moment next() throws IOException {
        while (current != null || left.hasNext()) {
            if (current == null) {
                current = left.next();
                sent = 0;
            }
            if (isOutOfRange(current)) {
                current = null;
                continue;
            }
            if (current.type() == Input.Type.RACE_LOG) {
                Input log = current;
                current = null;
                return new Log(log);
            }
            Moment next = current.type() == Input.Type.PROFILE ? profile() : nextGeneration();
            if (next != null) {
                return next;
            }
        }
        return null;
    }

    /** An archive of months need not be read for a day of it. */
    private boolean isOutOfRange(Input file) {
        return file.archived().isPresent()
                && (file.archived().get().lastUnixNs() + CLOCKS_DIFFER_NS < range.fromUnixNs()
                        || file.archived().get().firstUnixNs() - CLOCKS_DIFFER_NS >= range.toUnixNs());
    }

    /** The current file; null when it is not wanted, or cannot be read. */
    private Moment profile() {
        Input file = current;
        current = null;
        try (InputStream plain = Decompression.open(meter.open(file), Decompression.Limits.FILES)) {
            ProfileSnapshot snapshot = file.profile(plain);
            boolean isWanted = range.holds(snapshot.getTakenUnixNs());
            outcomes.add(new Outcome(file, isWanted ? 1 : 0, 0, ""));
            // As a race log, nothing waits for it: files of one process need not be named in the order of their times.
            return isWanted ? new Moment.Profiles(Moment.TIMELESS, List.of(snapshot)) : null;
        } catch (IOException e) {
            outcomes.add(new Outcome(file, 0, 0, reason(e)));
            return null;
        }
    }

    /** Of the current trace; null at its end. */
    private Moment nextGeneration() throws IOException {
        String problem = "";
        try {
            if (parts == null) {
                in = Decompression.open(meter.open(current), Decompression.Limits.FILES);
                parts = new TraceParts(current.whole(in), current.source(), TraceLimits.defaults());
            }
            for (List<TraceChunk> next = parts.next(); next != null; next = parts.next()) {
                long unixNs = times.unixNs(next.get(0));
                if (range.holds(unixNs)) {
                    sent++;
                    return new Moment.Trace(unixNs, next);
                }
            }
        } catch (IOException e) {
            problem = reason(e);
        }
        outcomes.add(new Outcome(current, sent, 0, problem));
        close();
        current = null;
        return null;
    }

    private static String reason(IOException e) {
        if (e instanceof NoSuchFileException) {
            return "is gone";
        }
        return e.getMessage() == null ? e.toString() : e.getMessage();
    }

    @Override
    public void close() throws IOException {
        if (in != null) {
            in.close();
        }
        in = null;
        parts = null;
    }

    /** A race log: nothing waits for it, since a race is judged by itself, and most logs tell no times. */
    private final class Log implements Moment {
        private final Input log;

        Log(Input log) {
            this.log = log;
        }

        @Override
        public long unixNs() {
            return TIMELESS;
        }

        @Override
        public void sendTo(List<ChunkProducer> targets) throws IOException {
            try {
                outcomes.add(read(targets));
            } catch (UncheckedIOException e) {
                throw e.getCause();
            }
        }

        private Outcome read(List<ChunkProducer> targets) {
            List<RaceReport> batch = new ArrayList<>();
            int[] reports = {0};
            String problem = "";
            try (InputStream plain = Decompression.open(meter.open(log), Decompression.Limits.FILES)) {
                log.reports(log.whole(plain), report -> {
                    if (range.holds(report.getReportedUnixNs())) {
                        batch.add(report);
                        reports[0]++;
                    }
                    if (batch.size() == REPORTS_AT_A_TIME) {
                        send(batch, targets);
                    }
                });
            } catch (IOException e) {
                problem = reason(e);
            }
            send(batch, targets);
            return new Outcome(log, reports[0], 0, problem);
        }

        private void send(List<RaceReport> batch, List<ChunkProducer> targets) {
            try {
                new Moment.Races(TIMELESS, List.copyOf(batch)).sendTo(targets);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            batch.clear();
        }
    }
}
