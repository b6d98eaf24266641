package io.unpark.sink.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.groups.Tuple.tuple;

import io.unpark.sink.store.AnomalyFacts;
import io.unpark.sink.store.AnomalyRow;
import io.unpark.sink.store.AnomalyStore;
import io.unpark.sink.store.Notice;
import io.unpark.sink.store.NoticeChange;
import io.unpark.sink.store.NoticeDrop;
import io.unpark.sink.store.NoticeQueue;
import io.unpark.sink.store.NoticeQueueState;
import io.unpark.sink.store.NoticeRules;
import io.unpark.sink.store.NoticeVerdict;
import io.unpark.sink.store.OffsetAdvance;
import io.unpark.sink.store.RuntimeWindowRow;
import io.unpark.sink.store.SinkBatch;
import io.unpark.sink.store.SourcePartition;
import io.unpark.sink.store.StaleOwnerException;
import io.unpark.sink.store.StateRule;
import io.unpark.sink.store.StoreException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** One notice for each change of an anomaly's state, queued with the rows, in every database. */
class NoticesContractTest extends OnEveryDatabase {
    private static final long START_MS = 1_795_392_000_000L;
    private static final long QUIET_MS = 600_000;
    private static final long NS_PER_MS = 1_000_000L;
    private static final SourcePartition SOURCE = new SourcePartition("cluster", "topic-id", "go-anomalies", 3);

    private final Rules rules = new Rules();
    private AnomalyStore store;

    @BeforeEach
    void open() {
        store = storage.anomalyStore(rules);
        storage.notices().register(rules.receivers());
    }

    @Test
    void anAnomalyIsToldOnceWhenItOpens() throws Exception {
        store.write(batch(0, 10, anomaly("a", "warning", 0)));
        store.write(batch(10, 20, anomaly("a", "warning", 1_000)));
        sweep();

        assertThat(queue("ops"))
                .extracting(Notice::change, Notice::anomalyId, Notice::service, Notice::severity, Notice::document)
                .containsExactly(tuple(NoticeChange.OPENED, "a", "orders", "warning", "short {\"id\":\"a\"}"));
        assertThat(storage.notices().state("ops").pending()).isEqualTo(1);
    }

    @Test
    void whatIsNotWrittenIsNotTold() throws Exception {
        store.write(batch(0, 10, anomaly("a", "warning", 0)));

        assertThatThrownBy(() -> store.write(batch(0, 10, anomaly("b", "warning", 0))))
                .isInstanceOf(StaleOwnerException.class);
        AnomalyRow tooLong = anomaly("x".repeat(2_000), "warning", 0);
        assertThatThrownBy(() -> store.write(batch(10, 20, anomaly("c", "warning", 0), tooLong)))
                .isInstanceOf(StoreException.class);

        assertThat(queue("ops")).extracting(Notice::anomalyId).containsExactly("a");
    }

    @Test
    void aSeverityIsToldWhenItRisesAboveAllThatWasTold() throws Exception {
        for (String severity : List.of("warning", "critical", "info", "critical", "warning")) {
            store.write(rows(anomaly("a", severity, 0)));
        }

        assertThat(queue("ops"))
                .extracting(Notice::change, Notice::severityBefore, Notice::severity)
                .containsExactly(
                        tuple(NoticeChange.OPENED, "warning", "warning"),
                        tuple(NoticeChange.SEVERITY_RAISED, "warning", "critical"));
    }

    @Test
    void theServicesNewestWindowEndsAnAnomaly() throws Exception {
        // Given
        store.write(rows(anomaly("a", "critical", 0)));

        // When the service is watched for long enough, and comes back with the anomaly
        store.write(window(QUIET_MS));
        sweep();
        store.write(window(QUIET_MS + 1));
        sweep();
        sweep();
        rules.nowMs += QUIET_MS + 2_000;
        store.write(rows(anomaly("a", "warning", QUIET_MS + 2_000)));

        // Then
        assertThat(queue("ops"))
                .extracting(Notice::change, Notice::severity)
                .containsExactly(
                        tuple(NoticeChange.OPENED, "critical"),
                        tuple(NoticeChange.RESOLVED, "critical"),
                        tuple(NoticeChange.REOPENED, "warning"));
        assertThat(queue("ops")).extracting(Notice::id).doesNotHaveDuplicates();
    }

    @Test
    void theClockEndsAnAnomaly() throws Exception {
        store.write(rows(anomaly("a", "warning", 0)));

        rules.nowMs += QUIET_MS;
        sweep();
        assertThat(queue("ops")).hasSize(1);
        rules.nowMs += 1;
        sweep();

        assertThat(queue("ops")).extracting(Notice::change).containsExactly(NoticeChange.OPENED, NoticeChange.RESOLVED);
    }

    @Test
    void whatIsReadLateEndsNothing() throws Exception {
        store.write(rows(anomaly("a", "warning", 0)));
        rules.nowMs += 3 * QUIET_MS;

        store.write(rows(anomaly("a", "warning", QUIET_MS), anomaly("b", "warning", QUIET_MS)));

        assertThat(queue("ops")).extracting(Notice::anomalyId).containsExactly("a");
        store.write(rows(anomaly("a", "warning", 3 * QUIET_MS)));
        store.write(window(3 * QUIET_MS));
        sweep();
        assertThat(queue("ops")).as("b ended before anybody knew").hasSize(1);
    }

    @Test
    void aWithdrawnAnomalyEnds() throws Exception {
        store.write(rows(anomaly("a", "warning", 0)));
        for (int i = 0; i < 2; i++) {
            store.write(new SinkBatch(List.of(), Map.of("a", Optional.empty()), List.of(), List.of(), List.of()));
        }
        store.write(rows(anomaly("a", "warning", 0)));

        assertThat(queue("ops"))
                .extracting(Notice::change, Notice::withdrawn)
                .containsExactly(
                        tuple(NoticeChange.OPENED, false),
                        tuple(NoticeChange.RESOLVED, true),
                        tuple(NoticeChange.OPENED, false));
    }

    @Test
    void aSilencedAnomalyIsToldWhenTheSilenceEnds() throws Exception {
        rules.verdict = NoticeVerdict.SILENCE;
        store.write(rows(anomaly("a", "warning", 0), anomaly("b", "warning", 0)));
        sweep();
        assertThat(queue("ops")).isEmpty();

        rules.verdict = NoticeVerdict.TELL;
        sweep();
        rules.verdict = NoticeVerdict.SILENCE;
        store.write(rows(anomaly("c", "warning", 0)));
        rules.nowMs += QUIET_MS + 1;
        sweep();

        assertThat(queue("ops"))
                .extracting(Notice::change, Notice::anomalyId)
                .as("whoever heard of the opening hears of the end, silence or not; c was never told")
                .containsExactlyInAnyOrder(
                        tuple(NoticeChange.OPENED, "a"),
                        tuple(NoticeChange.OPENED, "b"),
                        tuple(NoticeChange.RESOLVED, "a"),
                        tuple(NoticeChange.RESOLVED, "b"));
    }

    @Test
    void aNewReceiverIsToldWhatIsOpen() throws Exception {
        store.write(rows(anomaly("a", "warning", 0)));
        rules.receivers = List.of("new", "ops");
        storage.notices().register(rules.receivers());

        sweep();

        assertThat(queue("new")).extracting(Notice::change).containsExactly(NoticeChange.OPENED);
        assertThat(queue("ops")).hasSize(1);
    }

    @Test
    void beyondTheBoundTheOldestGoAndAreCounted() throws Exception {
        List<AnomalyRow> many = IntStream.range(0, 25)
                .mapToObj(i -> anomaly("a%02d".formatted(i), "warning", 0))
                .toList();

        for (AnomalyRow row : many) {
            store.write(rows(row));
        }

        assertThat(queue("ops")).extracting(Notice::anomalyId).startsWith("a05").hasSize(20);
        NoticeQueueState state = storage.notices().state("ops");
        assertThat(state.dropped()).containsEntry(NoticeDrop.ROWS, 5L);
        assertThat(state.dropsUntold()).isEqualTo(5);
    }

    @Test
    void whatWaitsForTooLongGoesAndIsCounted() throws Exception {
        store.write(rows(anomaly("a", "warning", 0)));
        rules.nowMs += 1_000;
        store.write(rows(anomaly("b", "warning", 0)));

        assertThat(storage.notices().dropOlder(START_MS + 1)).isEqualTo(1);

        assertThat(queue("ops")).extracting(Notice::anomalyId).containsExactly("b");
        assertThat(storage.notices().state("ops").dropped()).containsEntry(NoticeDrop.AGE, 1L);
    }

    @Test
    void oneAtATimeSendsToAReceiver() {
        NoticeQueue queue = storage.notices();

        assertThat(queue.lease("ops", "one", START_MS, START_MS + 100)).isTrue();
        assertThat(queue.lease("ops", "two", START_MS + 50, START_MS + 150)).isFalse();
        assertThat(queue.lease("ops", "one", START_MS + 50, START_MS + 200)).isTrue();
        assertThat(queue.lease("ops", "two", START_MS + 201, START_MS + 300))
                .as("one was killed")
                .isTrue();
        queue.release("ops", "two");
        assertThat(queue.lease("ops", "one", START_MS + 202, START_MS + 300)).isTrue();
    }

    private List<Notice> queue(String receiver) {
        return storage.notices().oldest(receiver, 1_000);
    }

    private void sweep() {
        storage.noticeSweep(rules).run(rules.stateRule());
    }

    private static AnomalyRow anomaly(String id, String severity, long seenAfterMs) {
        long ms = START_MS + seenAfterMs;
        return new AnomalyRow(
                id,
                "",
                "orders",
                "goroutine_leak",
                severity,
                "certain",
                1,
                ms * NS_PER_MS,
                ms * NS_PER_MS,
                ms,
                "f",
                List.of(),
                "{\"id\":\"" + id + "\"}");
    }

    private static SinkBatch batch(long from, long to, AnomalyRow... rows) {
        Map<String, Optional<AnomalyRow>> anomalies = new LinkedHashMap<>();
        for (AnomalyRow row : rows) {
            anomalies.put(row.id(), Optional.of(row));
        }
        List<OffsetAdvance> offsets = new ArrayList<>();
        if (to > from) {
            offsets.add(new OffsetAdvance(SOURCE, from == 0 ? OffsetAdvance.ABSENT : from, to));
        }
        return new SinkBatch(offsets, anomalies, List.of(), List.of(), List.of());
    }

    private static SinkBatch rows(AnomalyRow... rows) {
        return batch(0, 0, rows);
    }

    private static SinkBatch window(long endsAfterMs) {
        long endNs = (START_MS + endsAfterMs) * NS_PER_MS;
        RuntimeWindowRow row =
                new RuntimeWindowRow("w" + endsAfterMs, "", "orders", "i", endNs, START_MS, 1, "{\"version\":\"\"}");
        return new SinkBatch(List.of(), Map.of(), List.of(row), List.of(), List.of());
    }

    /** Rules that a test changes. */
    private static final class Rules implements NoticeRules {
        private List<String> receivers = List.of("ops");
        private NoticeVerdict verdict = NoticeVerdict.TELL;
        private long nowMs = START_MS;

        @Override
        public List<String> receivers() {
            return receivers;
        }

        @Override
        public NoticeVerdict verdict(String receiver, AnomalyFacts anomaly) {
            return verdict;
        }

        @Override
        public StateRule stateRule() {
            return new StateRule(nowMs, QUIET_MS);
        }

        @Override
        public int queueRowsMax() {
            return 20;
        }

        @Override
        public String shortened(String document) {
            return "short " + document;
        }
    }
}
