package io.unpark.analysis.profile;

import io.unpark.trace.pprof.GoProfile;
import java.util.List;

/**
 * One profile, summed up by site: the largest ones.
 *
 * @param takenNs wall clock of the process, nanoseconds since 1970 UTC
 * @param id hash of the instance and the profile's bytes
 * @param input base name of the file it came from, "" in the pipeline
 * @param rows at most {@link #MAX_ROWS}, with different keys
 * @param cutoff no site that was left out has more than this; 0 when none was
 */
record Snapshot(GoProfile kind, long takenNs, String id, String input, List<Row> rows, long cutoff) {
    /** Sites kept of one profile. */
    static final int MAX_ROWS = 100;

    /** So many bytes in use, or goroutines. */
    record Row(Site site, long value) {}

    Snapshot {
        rows = List.copyOf(rows);
    }
}
