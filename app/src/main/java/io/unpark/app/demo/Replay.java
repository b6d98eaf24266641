package io.unpark.app.demo;

import io.unpark.app.console.Progress;
import io.unpark.app.demo.Recordings.Recording;
import io.unpark.app.demo.Recordings.Scenario;
import io.unpark.ingest.ChunkProducer;
import io.unpark.ingest.Decompression;
import io.unpark.ingest.RaceLogLimits;
import io.unpark.ingest.RaceLogParser;
import io.unpark.ingest.TraceIntake;
import io.unpark.ingest.TraceSource;
import io.unpark.schemas.record.Instance;
import io.unpark.schemas.record.RaceReport;
import io.unpark.trace.TraceLimits;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Sends recordings through Kafka as the collector does with pushes; each part is acknowledged when this returns. */
public final class Replay {
    private final ChunkProducer producer;
    private final Progress progress;
    private long generations;
    private long reports;

    /** @param progress counts bytes of files */
    public Replay(ChunkProducer producer, Progress progress) {
        this.producer = producer;
        this.progress = progress;
    }

    /**
     * Sends all of it.
     *
     * @throws IOException when a recording cannot be read, or the broker does not take it
     */
    public void run(Recordings recordings) throws IOException {
        long recordedUnixNs = recordings.recordedUnixNs();
        for (Scenario scenario : recordings.scenarios()) {
            for (Recording trace : scenario.traces()) {
                sendTrace(trace, recordedUnixNs);
            }
            for (Recording log : scenario.races()) {
                sendRaceLog(log, recordedUnixNs);
            }
        }
    }

    private void sendTrace(Recording trace, long recordedUnixNs) throws IOException {
        progress.at(trace.file().getFileName().toString());
        TraceSource source = TraceSource.ofFile(trace.service(), Optional.of(trace.instance()), recordedUnixNs);
        try (InputStream in = open(trace)) {
            generations += new TraceIntake(source, TraceLimits.defaults(), producer)
                    .run(in)
                    .generations();
        }
        progress.add(Files.size(trace.file()));
    }

    /** Reports without a time of their own get that of the recording. */
    private void sendRaceLog(Recording log, long recordedUnixNs) throws IOException {
        progress.at(log.file().getFileName().toString());
        Instance instance = new Instance("", log.service(), log.instance(), "");
        List<RaceReport> found = new ArrayList<>();
        try (InputStream in = open(log)) {
            RaceLogParser.parse(in, instance, recordedUnixNs, RaceLogLimits.DEFAULT, found::add);
        }
        producer.acceptReports(found);
        reports += found.size();
        progress.add(Files.size(log.file()));
    }

    private static InputStream open(Recording recording) throws IOException {
        return Decompression.open(Files.newInputStream(recording.file()), Decompression.Limits.FILES);
    }

    /** Acknowledged so far. */
    public long generations() {
        return generations;
    }

    /** Acknowledged so far. */
    public long reports() {
        return reports;
    }
}
