package io.unpark.analysis.incident;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.unpark.analysis.Samples;
import io.unpark.analysis.codec.CodecException;
import io.unpark.analysis.model.Anomaly;
import io.unpark.analysis.model.Evidence;
import io.unpark.analysis.model.Finding;
import io.unpark.analysis.model.Severity;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeSet;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class IncidentFoldTest {
    private final MemoryStore store = new MemoryStore();

    static LongStream seeds() {
        return LongStream.range(0, 300);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void theAnomalyIsAFunctionOfTheLatestRevisionsWhateverTheOrder(long seed) {
        Random random = new Random(seed);
        List<Finding> history = history(random, 1 + random.nextInt(12));
        List<Finding> arrivals = new ArrayList<>(history);
        for (int i = random.nextInt(history.size() + 1); i > 0; i--) {
            arrivals.add(history.get(random.nextInt(history.size())));
        }
        Collections.shuffle(arrivals, random);

        IncidentState state = null;
        Map<String, Finding> latest = new HashMap<>();
        for (Finding finding : arrivals) {
            latest.merge(finding.findingId(), finding, (a, b) -> a.revision() >= b.revision() ? a : b);
            state = restarted(IncidentFold.apply(state, finding, store));
            assertThat(state.anomaly()).isEqualTo(naive(latest.values()));
        }

        assertThat(state.toBytes()).isEqualTo(folded(history).toBytes());
    }

    @Test
    void beyondTheNamesThatAreHeldTheNumberOfInstancesIsALowerBoundUntilOthersGo() {
        int fleet = Standing.MAX_TRACKED + 50;
        Random random = new Random(1);
        List<Finding> history = new ArrayList<>();
        for (int i = 0; i < fleet; i++) {
            history.add(Samples.leak("s" + i, 1, String.format("orders-%05d", i), Severity.WARNING, i % 20));
        }
        Collections.shuffle(history, random);
        IncidentState state = null;
        for (Finding finding : history) {
            state = IncidentFold.apply(state, finding, store);
        }

        assertThat(evidence(state)).containsEntry("instances", 1_000L).containsEntry("instances_at_least", true);
        assertThat(state).isEqualTo(folded(history));

        Collections.shuffle(history, random);
        for (Finding finding : history.subList(0, 100)) {
            state = restarted(IncidentFold.apply(state, finding.withdrawnAt(2), store));
            assertThat(state).isEqualTo(folded(store.findings.values()));
        }

        assertThat(evidence(state)).containsEntry("instances", fleet - 100L).doesNotContainKey("instances_at_least");
    }

    @Test
    void aStaleRevisionChangesNothing() {
        IncidentState state = IncidentFold.apply(null, leak("a", 5, 3), store);

        assertThat(IncidentFold.apply(state, leak("a", 5, 9), store)).isSameAs(state);
        assertThat(IncidentFold.apply(state, leak("a", 4, 9), store)).isSameAs(state);
    }

    @Test
    void aWithdrawalThatArrivesFirstKeepsTheEarlierRevisionOut() {
        IncidentState state = IncidentFold.apply(null, leak("a", 5, 3).withdrawnAt(6), store);
        state = IncidentFold.apply(state, leak("a", 5, 3), store);

        assertThat(state.anomaly()).isEmpty();
        assertThat(restarted(state).anomaly()).isEmpty();
    }

    @Test
    void whatIsNewOrOnlyGrowsNeedsNoLookAtTheWholeStore() {
        IncidentState state = null;
        for (int revision = 1; revision <= 20; revision++) {
            for (int subject = 0; subject < 20; subject++) {
                state = IncidentFold.apply(state, leak("s" + subject, revision, subject + revision), store);
            }
        }

        assertThat(state.anomaly()).isEqualTo(naive(store.findings.values()));
        assertThat(store.scans).isZero();
    }

    @Test
    void thoseWithoutAWallClockDoNotMoveTheFirstTimeToNineteenSeventy() {
        Finding timeless = withTimes(leak("a", 1, 3), 0, 0);

        IncidentState state = IncidentFold.apply(null, timeless, store);
        assertThat(state.anomaly().orElseThrow().firstSeenNs()).isZero();
        state = IncidentFold.apply(state, withTimes(leak("b", 1, 3), 50, 60), store);

        assertThat(state.anomaly().orElseThrow().firstSeenNs()).isEqualTo(50);
        assertThat(state.anomaly().orElseThrow().lastSeenNs()).isEqualTo(60);
    }

    @Test
    void aFindingOfAnotherAnomalyIsRefusedBeforeTheStoreIsTouched() {
        IncidentState state = IncidentState.empty("other");

        assertThatThrownBy(() -> IncidentFold.apply(state, leak("a", 1, 1), store))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(store.findings).isEmpty();
    }

    @Test
    void damagedBytesAreRefused() {
        byte[] bytes = IncidentFold.apply(null, leak("a", 5, 3), store).toBytes();

        for (int length = 0; length < bytes.length; length++) {
            byte[] cut = Arrays.copyOf(bytes, length);
            assertThatThrownBy(() -> IncidentState.fromBytes(cut)).isInstanceOf(CodecException.class);
        }
        bytes[0] = 9;
        assertThatThrownBy(() -> IncidentState.fromBytes(bytes)).hasMessageContaining("version 9");
    }

    /** Revisions 1 to n of several subjects: they grow, shrink, move to another instance, go and come back. */
    private static List<Finding> history(Random random, int subjects) {
        List<Finding> history = new ArrayList<>();
        for (int subject = 0; subject < subjects; subject++) {
            for (int revision = 1 + random.nextInt(3); revision > 0; revision--) {
                Finding finding = Samples.leak(
                        "s" + subject,
                        revision,
                        "i" + (random.nextInt(5) == 0 ? random.nextInt(4) : subject % 4),
                        Severity.values()[random.nextInt(3)],
                        random.nextInt(4));
                Finding timed = random.nextInt(6) == 0 ? withTimes(finding, 0, 0) : finding;
                history.add(random.nextInt(4) == 0 ? timed.withdrawnAt(revision) : timed);
            }
        }
        return history;
    }

    /** The specification, written down once more without cleverness. */
    private static Optional<Anomaly> naive(Collection<Finding> latest) {
        List<Finding> standing =
                latest.stream().filter(finding -> !finding.withdrawn()).toList();
        if (standing.isEmpty()) {
            return Optional.empty();
        }
        Finding worst = standing.get(0);
        long count = 0;
        TreeSet<String> names = new TreeSet<>();
        TreeSet<Long> first = new TreeSet<>();
        TreeSet<Long> last = new TreeSet<>();
        for (Finding finding : standing) {
            worst = isWorse(finding, worst) ? finding : worst;
            count += finding.count();
            names.add(finding.instance().name());
            first.add(finding.firstSeenNs());
            last.add(finding.lastSeenNs());
        }
        first.remove(0L);
        last.remove(0L);
        Evidence evidence = worst.evidence()
                .with("instances", (long) names.size())
                .with("instance_names", names.stream().limit(20).toList());
        return Optional.of(new Anomaly(
                worst.anomalyId(),
                worst.kind(),
                worst.instance(),
                worst.input(),
                worst.place(),
                worst.severity(),
                worst.confidence(),
                count,
                first.isEmpty() ? 0 : first.first(),
                last.isEmpty() ? 0 : last.last(),
                worst.summary(),
                evidence,
                worst.cause(),
                worst.advice(),
                worst.chunks(),
                worst.findingId(),
                worst.configHash()));
    }

    private static boolean isWorse(Finding a, Finding b) {
        if (a.severity() != b.severity()) {
            return a.severity().ordinal() > b.severity().ordinal();
        }
        if (a.durationNs() != b.durationNs()) {
            return a.durationNs() > b.durationNs();
        }
        return a.findingId().compareTo(b.findingId()) < 0;
    }

    private static IncidentState folded(Collection<Finding> findings) {
        MemoryStore fresh = new MemoryStore();
        IncidentState state = null;
        for (Finding finding : findings) {
            state = IncidentFold.apply(state, finding, fresh);
        }
        return state;
    }

    private static IncidentState restarted(IncidentState state) {
        IncidentState again = IncidentState.fromBytes(state.toBytes());
        assertThat(again).isEqualTo(state);
        return again;
    }

    private static Map<String, Object> evidence(IncidentState state) {
        return state.anomaly().orElseThrow().evidence().values();
    }

    private static Finding leak(String subject, long revision, long size) {
        return Samples.leak(subject, revision, "orders-1", Severity.WARNING, size);
    }

    private static Finding withTimes(Finding f, long firstNs, long lastNs) {
        return new Finding(
                f.findingId(),
                f.anomalyId(),
                f.kind(),
                f.subject(),
                f.revision(),
                f.withdrawn(),
                f.instance(),
                f.input(),
                f.place(),
                f.severity(),
                f.confidence(),
                f.count(),
                firstNs,
                lastNs,
                f.durationNs(),
                f.summary(),
                f.evidence(),
                f.cause(),
                f.advice(),
                f.chunks(),
                f.configHash());
    }
}
