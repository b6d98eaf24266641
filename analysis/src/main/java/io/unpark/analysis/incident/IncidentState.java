package io.unpark.analysis.incident;

import io.unpark.analysis.codec.CodecException;
import io.unpark.analysis.model.Anomaly;
import io.unpark.analysis.model.Evidence;
import io.unpark.analysis.model.Finding;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What stands of one anomaly: a pure function of the latest revisions of its findings. Equal sets give equal states and equal
 * bytes.
 */
public final class IncidentState {
    /** Findings held of one anomaly: up to here its count is exact, beyond it is "at least". */
    public static final int MAX_FINDINGS = 10_000;

    /** Instance names shown in the evidence. */
    public static final int MAX_SHOWN_NAMES = 20;

    /** The worst example is the greatest: severity, then duration, then the smallest id. */
    static final Comparator<Finding> BY_BADNESS = Comparator.comparing(Finding::severity)
            .thenComparingLong(Finding::durationNs)
            .thenComparing(Comparator.comparing(Finding::findingId).reversed());

    private final String anomalyId;
    private final long count;
    private final long firstSeenNs;
    private final long lastSeenNs;
    private final Finding worst;
    private final Standing standing;
    private final Held held;

    /**
     * Which findings are held: all, or the {@link #MAX_FINDINGS} with the smallest ids. Ids are hashes, so these are a fair sample, and the
     * same one whatever the order in which they came.
     *
     * @param findings held, withdrawn ones too
     * @param upTo the greatest id held, once others were let go; "" while all are held
     */
    record Held(int findings, String upTo) {
        static final Held NONE = new Held(0, "");

        boolean isAll() {
            return upTo.isEmpty();
        }
    }

    /**
     * @param firstSeenNs least of those that stand and have a wall clock, 0 when none has
     * @param worst null when nothing stands
     */
    IncidentState(
            String anomalyId,
            long count,
            long firstSeenNs,
            long lastSeenNs,
            Finding worst,
            Standing standing,
            Held held) {
        this.anomalyId = anomalyId;
        this.count = count;
        this.firstSeenNs = firstSeenNs;
        this.lastSeenNs = lastSeenNs;
        this.worst = worst;
        this.standing = standing;
        this.held = held;
    }

    static IncidentState empty(String anomalyId) {
        return new IncidentState(anomalyId, 0, 0, 0, null, Standing.NONE, Held.NONE);
    }

    IncidentState withStanding(Standing other) {
        return new IncidentState(anomalyId, count, firstSeenNs, lastSeenNs, worst, other, held);
    }

    IncidentState withHeld(Held other) {
        return new IncidentState(anomalyId, count, firstSeenNs, lastSeenNs, worst, standing, other);
    }

    IncidentState withCount(long other) {
        return new IncidentState(anomalyId, other, firstSeenNs, lastSeenNs, worst, standing, held);
    }

    /** Less a finding that stands and is let go: the bounds remember it. */
    IncidentState lettingGo(Finding finding, Standing rest) {
        return new IncidentState(anomalyId, count - finding.count(), firstSeenNs, lastSeenNs, worst, rest, held);
    }

    public String anomalyId() {
        return anomalyId;
    }

    long count() {
        return count;
    }

    long firstSeenNs() {
        return firstSeenNs;
    }

    long lastSeenNs() {
        return lastSeenNs;
    }

    Finding worst() {
        return worst;
    }

    Standing standing() {
        return standing;
    }

    Held held() {
        return held;
    }

    /** The earlier of two times, of which 0 is none. */
    static long earlier(long a, long b) {
        if (a == 0 || b == 0) {
            return a + b;
        }
        return Math.min(a, b);
    }

    /** The later of two times, of which 0 is none. */
    static long later(long a, long b) {
        if (a == 0 || b == 0) {
            return a + b;
        }
        return Math.max(a, b);
    }

    /** The anomaly, or empty when no finding stands. */
    public Optional<Anomaly> anomaly() {
        if (worst == null) {
            return Optional.empty();
        }
        return Optional.of(new Anomaly(
                anomalyId,
                worst.kind(),
                worst.instance(),
                worst.input(),
                worst.place(),
                worst.severity(),
                worst.confidence(),
                count,
                firstSeenNs,
                lastSeenNs,
                worst.summary(),
                evidence(),
                worst.cause(),
                worst.advice(),
                worst.chunks(),
                worst.findingId(),
                worst.configHash()));
    }

    /** How long the worst example took, nanoseconds; 0 when nothing stands. */
    public long worstDurationNs() {
        return worst == null ? 0 : worst.durationNs();
    }

    private Evidence evidence() {
        List<String> names =
                standing.byInstance().keySet().stream().limit(MAX_SHOWN_NAMES).toList();
        Evidence evidence = worst.evidence()
                .with("instances", (long) standing.byInstance().size())
                .with("instance_names", names);
        if (!held.isAll()) {
            return evidence.with("count_at_least", true).with("instances_at_least", true);
        }
        return standing.isComplete() ? evidence : evidence.with("instances_at_least", true);
    }

    /** For a state store; see {@link #fromBytes}. */
    public byte[] toBytes() {
        return IncidentStateCodec.toBytes(this);
    }

    /** @throws CodecException when they are damaged, or of another version */
    public static IncidentState fromBytes(byte[] bytes) {
        return IncidentStateCodec.fromBytes(bytes);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof IncidentState that
                && anomalyId.equals(that.anomalyId)
                && count == that.count
                && firstSeenNs == that.firstSeenNs
                && lastSeenNs == that.lastSeenNs
                && Objects.equals(worst, that.worst)
                && standing.equals(that.standing)
                && held.equals(that.held);
    }

    @Override
    public int hashCode() {
        return anomalyId.hashCode();
    }
}
