package io.unpark.ingest;

import io.unpark.schemas.record.ProfileSnapshot;
import io.unpark.schemas.record.RaceReport;
import io.unpark.schemas.record.TraceChunk;
import java.util.List;

/** Is told what the broker has acknowledged, by the threads that sent it. Must not throw: the sender has done its work. */
public interface AcceptedListener {
    /** Nobody wants to know. */
    AcceptedListener NONE = new AcceptedListener() {
        @Override
        public void accepted(List<TraceChunk> parts) {}

        @Override
        public void acceptedReports(List<RaceReport> reports) {}
    };

    /** @param parts of one generation, in order */
    void accepted(List<TraceChunk> parts);

    void acceptedReports(List<RaceReport> reports);

    /** Most listeners have no use for profiles. */
    default void acceptedProfiles(List<ProfileSnapshot> snapshots) {}
}
