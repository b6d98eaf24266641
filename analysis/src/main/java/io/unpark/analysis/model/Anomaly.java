package io.unpark.analysis.model;

import java.util.List;

/**
 * The findings of one fingerprint, folded. Instance, input, summary, evidence, cause and advice are those of the worst
 * example: greatest severity, then duration, then smallest finding id. Whether it is open or resolved is derived by the
 * reader from {@code lastSeenNs}.
 *
 * @param count sum of the counts of the findings that stand
 * @param evidence the worst example's, and {@code instances} (how many) and {@code instance_names} (the 20 smallest)
 * @param slices where the bytes of the worst example lie
 */
public record Anomaly(
        String id,
        Kind kind,
        Instance instance,
        String input,
        Place place,
        Severity severity,
        Confidence confidence,
        long count,
        long firstSeenNs,
        long lastSeenNs,
        String summary,
        Evidence evidence,
        List<CauseStep> cause,
        Advice advice,
        List<ChunkRef> slices,
        String worstFindingId,
        String configHash) {

    public Anomaly {
        cause = List.copyOf(cause);
        slices = List.copyOf(slices);
    }
}
