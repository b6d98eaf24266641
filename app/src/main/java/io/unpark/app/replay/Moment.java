package io.unpark.app.replay;

import io.unpark.ingest.ChunkProducer;
import io.unpark.schemas.record.ProfileSnapshot;
import io.unpark.schemas.record.RaceReport;
import io.unpark.schemas.record.TraceChunk;
import java.io.IOException;
import java.util.List;

/** Something of the past that is to be sent at its time. */
public interface Moment {
    /** Without a time of its own: sent when it is met, and nothing waits for it. */
    long TIMELESS = Long.MIN_VALUE;

    /** Nanoseconds since 1970 UTC, or {@link #TIMELESS}. */
    long unixNs();

    /** Sends it to each of them; returns when it is acknowledged. */
    void sendTo(List<ChunkProducer> targets) throws IOException;

    /** What travels as records of traces: a whole generation of a file, or one record of a topic. */
    record Trace(long unixNs, List<TraceChunk> parts) implements Moment {
        @Override
        public void sendTo(List<ChunkProducer> targets) throws IOException {
            for (ChunkProducer target : targets) {
                target.accept(parts);
            }
        }
    }

    /** Profiles of heaps and goroutines. */
    record Profiles(long unixNs, List<ProfileSnapshot> snapshots) implements Moment {
        @Override
        public void sendTo(List<ChunkProducer> targets) throws IOException {
            for (ChunkProducer target : targets) {
                target.acceptProfiles(snapshots);
            }
        }
    }

    /** Reports of the race detector. */
    record Races(long unixNs, List<RaceReport> reports) implements Moment {
        @Override
        public void sendTo(List<ChunkProducer> targets) throws IOException {
            for (ChunkProducer target : targets) {
                target.acceptReports(reports);
            }
        }
    }
}
