package io.unpark.analysis.model;

import java.util.List;

/**
 * One judgement about one subject; it stands until a greater revision of the same {@link #findingId} replaces or withdraws
 * it. See {@link Ids} for how the ids are made.
 *
 * @param findingId hash of kind, subject and fingerprint
 * @param anomalyId the fingerprint: which anomaly this finding counts for
 * @param subject the instance for process kinds, the trace id or local request id for request kinds, the report for races
 * @param revision the greater wins; for process kinds it grows with capture start and generation
 * @param withdrawn takes the judgement back; place, evidence and the rest then only repeat the last ones
 * @param input base name of the file it came from, "" in the pipeline
 * @param count how many subjects it stands for: goroutines, requests, generations or races
 * @param firstSeenNs first and last: event time, nanoseconds since 1970 UTC; 0 when the trace has no wall clock
 * @param durationNs how long the worst of it lasted; decides between examples of equal severity
 * @param configHash of the thresholds in force
 */
public record Finding(
        String findingId,
        String anomalyId,
        Kind kind,
        String subject,
        long revision,
        boolean withdrawn,
        Instance instance,
        String input,
        Place place,
        Severity severity,
        Confidence confidence,
        long count,
        long firstSeenNs,
        long lastSeenNs,
        long durationNs,
        String summary,
        Evidence evidence,
        List<CauseStep> cause,
        Advice advice,
        List<ChunkRef> chunks,
        String configHash) {

    public Finding {
        cause = List.copyOf(cause);
        chunks = List.copyOf(chunks);
    }

    /** This one as the example for both, standing, from the first of them to the last. */
    public Finding spanning(Finding a, Finding b, long revision, long count) {
        return new Finding(
                findingId,
                anomalyId,
                kind,
                subject,
                revision,
                false,
                instance,
                input,
                place,
                severity,
                confidence,
                count,
                Math.min(a.firstSeenNs, b.firstSeenNs),
                Math.max(a.lastSeenNs, b.lastSeenNs),
                durationNs,
                summary,
                evidence,
                cause,
                advice,
                chunks,
                configHash);
    }

    /** The same judgement, which stands, at another revision. */
    public Finding at(long otherRevision) {
        return otherRevision == revision ? this : spanning(this, this, otherRevision, count);
    }

    /** The same subject and fingerprint, taken back at {@code revision}. */
    public Finding withdrawnAt(long revision) {
        return new Finding(
                findingId,
                anomalyId,
                kind,
                subject,
                revision,
                true,
                instance,
                input,
                place,
                severity,
                confidence,
                0,
                firstSeenNs,
                lastSeenNs,
                durationNs,
                summary,
                Evidence.NONE,
                List.of(),
                advice,
                List.of(),
                configHash);
    }
}
