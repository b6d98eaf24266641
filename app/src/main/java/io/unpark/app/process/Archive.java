package io.unpark.app.process;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.unpark.app.console.UserError;
import io.unpark.ingest.AcceptedListener;
import io.unpark.ingest.archive.ArchiveLimits;
import io.unpark.ingest.archive.ArchiveStatus;
import io.unpark.ingest.archive.ChunkArchive;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;
import java.util.function.ToLongFunction;

/** The folder that keeps what a collector accepted; one process at a time has it. */
public final class Archive implements AutoCloseable {
    private final DataFolder folder;
    private final ChunkArchive chunks;

    private Archive(DataFolder folder, ChunkArchive chunks) {
        this.folder = folder;
        this.chunks = chunks;
    }

    /**
     * Opens it.
     *
     * @throws UserError when it cannot be written, or another process has it
     */
    public static Archive open(Path path, long quotaBytes, Clock clock) {
        DataFolder folder = DataFolder.kept(path, "--archive");
        try {
            return new Archive(folder, new ChunkArchive(folder.path(), ArchiveLimits.ofQuota(quotaBytes), clock));
        } catch (IOException e) {
            throw UserError.environment(
                    "cannot use the archive " + path + ": " + e.getMessage() + "; name another with --archive");
        }
    }

    /** Who is told what was accepted. */
    public static AcceptedListener listener(Optional<Archive> archive) {
        return archive.<AcceptedListener>map(it -> it.chunks).orElse(AcceptedListener.NONE);
    }

    /** Counts what it does, as {@code unpark.archive.*}. */
    public void count(MeterRegistry meters) {
        Gauge.builder("unpark.archive.size.bytes", chunks, it -> it.status().bytes())
                .description("Size of the archive")
                .register(meters);
        counter(meters, "generations", "Generations that were archived", ArchiveStatus::generations);
        counter(meters, "race.reports", "Race reports that were archived", ArchiveStatus::reports);
        counter(meters, "repeated", "What came again and is there already", ArchiveStatus::repeated);
        counter(meters, "left.out", "What was not archived since the disk was too slow", ArchiveStatus::leftOut);
        counter(meters, "failures", "Writes that failed", ArchiveStatus::failures);
        counter(
                meters,
                "removed.folders",
                "Folders of an hour that went to stay within the quota",
                ArchiveStatus::removedHours);
        counter(meters, "removed.bytes", "Bytes of those", ArchiveStatus::removedBytes);
    }

    private void counter(MeterRegistry meters, String name, String description, ToLongFunction<ArchiveStatus> value) {
        FunctionCounter.builder("unpark.archive." + name, chunks, it -> value.applyAsLong(it.status()))
                .description(description)
                .register(meters);
    }

    @Override
    public void close() throws IOException {
        folder.close();
    }
}
