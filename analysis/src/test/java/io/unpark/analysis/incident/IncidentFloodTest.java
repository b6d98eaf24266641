package io.unpark.analysis.incident;

import static org.assertj.core.api.Assertions.assertThat;

import io.unpark.analysis.Samples;
import io.unpark.analysis.codec.FindingCodec;
import io.unpark.analysis.model.Anomaly;
import io.unpark.analysis.model.Finding;
import io.unpark.analysis.model.Severity;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** A flood of findings of one fingerprint: one anomaly that says "at least", of bounded size, at a flat price for each finding. */
class IncidentFloodTest {
    private static final int FLOOD = 100_000;

    private final MemoryStore store = new MemoryStore();

    private static Finding finding(int subject) {
        return Samples.leak("subject-" + subject, 1, "orders-" + subject % 5_000, Severity.WARNING, 1 + subject % 900);
    }

    private static List<Finding> flood(int size, Random random) {
        List<Finding> findings = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            findings.add(finding(i));
        }
        Collections.shuffle(findings, random);
        return findings;
    }

    private IncidentState taken(List<Finding> findings) {
        IncidentState state = null;
        for (Finding finding : findings) {
            state = IncidentFold.apply(state, finding, store);
        }
        return state;
    }

    @Test
    void upToTheLimitTheCountIsExact() {
        List<Finding> findings = flood(IncidentState.MAX_FINDINGS, new Random(1));

        Anomaly anomaly = taken(findings).anomaly().orElseThrow();

        assertThat(anomaly.count())
                .isEqualTo(findings.stream().mapToLong(Finding::count).sum());
        assertThat(anomaly.evidence().values()).doesNotContainKey("count_at_least");
    }

    @Test
    void beyondTheLimitTheCountIsALowerBoundAndTheWorstIsKept() {
        List<Finding> findings = flood(FLOOD, new Random(2));

        IncidentState state = taken(findings);

        Anomaly anomaly = state.anomaly().orElseThrow();
        assertThat(store.findings).hasSize(IncidentState.MAX_FINDINGS);
        assertThat(anomaly.count())
                .isEqualTo(store.findings.values().stream()
                        .mapToLong(Finding::count)
                        .sum());
        assertThat(anomaly.evidence().values())
                .containsEntry("count_at_least", true)
                .containsEntry("instances_at_least", true);
        assertThat(anomaly.worstFindingId())
                .isEqualTo(findings.stream()
                        .max(IncidentState.BY_BADNESS)
                        .orElseThrow()
                        .findingId());
        assertThat(anomaly.firstSeenNs())
                .isEqualTo(
                        findings.stream().mapToLong(Finding::firstSeenNs).min().orElseThrow());
        assertThat(state.toBytes()).as("bytes of state").hasSizeLessThan(100_000);
        assertThat(IncidentState.fromBytes(state.toBytes())).isEqualTo(state);
        assertThat(store.scans).as("times that all findings were read").isZero();
    }

    @Test
    void theSameFloodInAnotherOrderGivesTheSameAnomaly() {
        List<Finding> findings = flood(3 * IncidentState.MAX_FINDINGS, new Random(3));
        Anomaly first = taken(findings).anomaly().orElseThrow();
        store.findings.clear();
        Collections.shuffle(findings, new Random(4));
        // Every tenth comes twice, as after a crash.
        findings.addAll(findings.stream().limit(FLOOD / 10).toList());

        Anomaly second = taken(findings).anomaly().orElseThrow();

        assertThat(second).isEqualTo(first);
    }

    @Test
    void whoIsNotHeldMayStillReviseTheWorst() {
        List<Finding> findings = flood(2 * IncidentState.MAX_FINDINGS, new Random(5));
        String beyond = Collections.max(findings, Comparator.comparing(Finding::findingId))
                .subject();
        IncidentState state = taken(findings);
        Finding worst = Samples.leak(beyond, 2, "orders-1", Severity.CRITICAL, 5_000);

        IncidentState worse = IncidentFold.apply(state, worst, store);
        IncidentState again = IncidentFold.apply(worse, worst, store);
        IncidentState better = IncidentFold.apply(worse, worst.withdrawnAt(3), store);

        assertThat(worse.anomaly().orElseThrow().worstFindingId()).isEqualTo(worst.findingId());
        assertThat(worse.count()).isEqualTo(state.count());
        assertThat(again).isSameAs(worse);
        assertThat(better.anomaly().orElseThrow().severity()).isEqualTo(Severity.WARNING);
    }

    @Test
    void allThatIsHeldMayBeWithdrawnAndTheAnomalyReopens() {
        List<Finding> findings = flood(IncidentState.MAX_FINDINGS + 100, new Random(6));
        IncidentState state = taken(findings);

        for (Finding held : List.copyOf(store.findings.values()).subList(100, IncidentState.MAX_FINDINGS)) {
            if (!held.findingId().equals(state.worst().findingId())) {
                state = IncidentFold.apply(state, held.withdrawnAt(2), store);
            }
        }
        assertThat(state.count()).isPositive().isLessThan(200L * 900);

        state = IncidentFold.apply(state, finding(1_000_000), store);
        assertThat(state.anomaly()).isPresent();
    }

    @Test
    void aStateThatCannotBeReadIsMadeAnewOfItsFindings() {
        IncidentState state = taken(flood(500, new Random(7)));

        assertThat(IncidentFold.refold(state.anomalyId(), store)).isEqualTo(state);

        flood(IncidentState.MAX_FINDINGS + 50, new Random(8)).forEach(store::put);
        IncidentState bounded = IncidentFold.refold(state.anomalyId(), store);
        assertThat(store.findings).hasSize(IncidentState.MAX_FINDINGS);
        assertThat(bounded.held().isAll()).isFalse();
    }

    @Test
    void aFindingIsFarFromTheSizeThatItsTopicTakes() {
        assertThat(FindingCodec.toBytes(finding(1))).hasSizeLessThan(10_000);
    }
}
