package io.unpark.sink.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.unpark.analysis.model.ChunkRef;
import io.unpark.sink.store.AnomalyFilter;
import io.unpark.sink.store.AnomalyRow;
import io.unpark.sink.store.AnomalyState;
import io.unpark.sink.store.AnomalyStore;
import io.unpark.sink.store.OffsetAdvance;
import io.unpark.sink.store.RequestRow;
import io.unpark.sink.store.RouteWindowRow;
import io.unpark.sink.store.RuntimeWindowRow;
import io.unpark.sink.store.ServiceSummary;
import io.unpark.sink.store.SinkBatch;
import io.unpark.sink.store.SliceJob;
import io.unpark.sink.store.SliceState;
import io.unpark.sink.store.SliceStore;
import io.unpark.sink.store.SourcePartition;
import io.unpark.sink.store.StaleOwnerException;
import io.unpark.sink.store.StateRule;
import io.unpark.sink.store.StoreException;
import io.unpark.sink.store.StoredAnomaly;
import io.unpark.sink.store.TraceSlice;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every database must do for the sink. */
class StoreContractTest extends OnEveryDatabase {
    private static final long NOW_MS = 1_795_392_000_000L;
    private static final long MS = 1_000_000L;
    private static final StateRule RULE = new StateRule(NOW_MS, 600_000);
    private static final SourcePartition SOURCE = new SourcePartition("cluster", "topic-id", "go-anomalies", 3);
    private static final ChunkRef CHUNK = new ChunkRef("go-trace-chunks", 0, 5, "capture", 9);

    private AnomalyStore store;

    @BeforeEach
    void open() {
        store = storage.anomalyStore();
    }

    @Test
    void rowsAndOffsetsAreWrittenTogether() throws Exception {
        store.write(batch(OffsetAdvance.ABSENT, 10, anomaly("a")));

        assertThat(store.nextOffsets(List.of(SOURCE))).containsExactly(Map.entry(SOURCE, 10L));
        assertThat(ids(all())).containsExactly("a");
    }

    @Test
    void aStaleOwnerWritesNothing() throws Exception {
        store.write(batch(OffsetAdvance.ABSENT, 10, anomaly("a")));
        store.write(batch(10, 20, anomaly("b")));

        assertThatThrownBy(() -> store.write(batch(10, 15, anomaly("c")))).isInstanceOf(StaleOwnerException.class);
        assertThatThrownBy(() -> store.write(batch(OffsetAdvance.ABSENT, 5, anomaly("c"))))
                .isInstanceOf(StaleOwnerException.class);

        assertThat(store.nextOffsets(List.of(SOURCE))).containsEntry(SOURCE, 20L);
        assertThat(ids(all())).containsExactly("b", "a");
    }

    @Test
    void aFailureInTheRowsTakesTheOffsetsBack() throws Exception {
        AnomalyRow tooLong = row("x".repeat(2_000), "orders", NOW_MS, NOW_MS * MS, "certain", List.of());

        assertThatThrownBy(() -> store.write(batch(OffsetAdvance.ABSENT, 10, anomaly("a"), tooLong)))
                .isInstanceOfSatisfying(
                        StoreException.class, e -> assertThat(e.refusesValue()).isTrue());

        assertThat(store.nextOffsets(List.of(SOURCE))).isEmpty();
        assertThat(ids(all())).isEmpty();
    }

    @Test
    void theSameRowsTwiceAreThereOnce() throws Exception {
        RuntimeWindowRow window = new RuntimeWindowRow("w", "", "orders", "i", 7, NOW_MS, 100, "{}");
        for (int i = 0; i < 2; i++) {
            store.write(new SinkBatch(
                    List.of(),
                    Map.of("a", Optional.of(anomaly("a"))),
                    List.of(window),
                    List.of(new RouteWindowRow("r", "", "orders", 7, NOW_MS, "{}")),
                    List.of(new RequestRow("q", 1, 0, NOW_MS, new byte[] {1, 2}, List.of()))));
        }

        assertThat(ids(all())).containsExactly("a");
        assertThat(storage.windows().runtimeWindows(Optional.empty(), "orders", 0, 10))
                .hasSize(1);
        assertThat(storage.windows().routeWindows(Optional.empty(), "orders", 0, 10))
                .hasSize(1);
        assertThat(storage.requests().find("q"))
                .hasValueSatisfying(bytes -> assertThat(bytes).containsExactly(1, 2));
    }

    @Test
    void aTombstoneDeletesTheAnomalyAndItsSlices() throws Exception {
        store.write(batch(OffsetAdvance.ABSENT, 1, withSlice("a", "f1")));

        store.write(new SinkBatch(
                List.of(new OffsetAdvance(SOURCE, 1, 2)),
                Map.of("a", Optional.empty()),
                List.of(),
                List.of(),
                List.of()));

        assertThat(all()).isEmpty();
        assertThat(storage.slices().find("a")).isEmpty();
    }

    @Test
    void anUpdateDoesNotMoveAnAnomalyBetweenPages() throws Exception {
        for (int i = 0; i < 7; i++) {
            store.write(batch(anomaly("a" + i)));
        }
        Set<String> seen = new HashSet<>();
        long before = Long.MAX_VALUE;
        for (List<StoredAnomaly> page = page(before); !page.isEmpty(); page = page(before)) {
            for (StoredAnomaly anomaly : page) {
                assertThat(seen.add(anomaly.document())).isTrue();
                before = anomaly.seq();
            }
            store.write(batch(anomaly("a0"), anomaly("a6"), anomaly("a3")));
        }

        assertThat(seen).hasSize(7);
    }

    @Test
    void anAnomalyIsResolvedByALaterWindowOfItsService() throws Exception {
        long seenNs = NOW_MS * MS;
        store.write(batch(row("a", "orders", NOW_MS, seenNs, "certain", List.of())));
        store.write(batch(row("b", "other", NOW_MS, seenNs, "certain", List.of())));
        store.write(windows(new RuntimeWindowRow("w1", "", "orders", "i", seenNs + 600_000 * MS, NOW_MS, 1, "{}")));
        assertThat(state("a")).isEqualTo(AnomalyState.OPEN);

        store.write(windows(new RuntimeWindowRow("w2", "", "orders", "i", seenNs + 600_000 * MS + 1, NOW_MS, 1, "{}")));

        assertThat(state("a")).isEqualTo(AnomalyState.RESOLVED);
        assertThat(state("b")).isEqualTo(AnomalyState.OPEN);
        assertThat(ids(storage.anomalies().list(filter(Optional.of(AnomalyState.OPEN)), RULE)))
                .containsExactly("b");
        assertThat(ids(storage.anomalies().list(filter(Optional.of(AnomalyState.RESOLVED)), RULE)))
                .containsExactly("a");
    }

    @Test
    void anAnomalyIsResolvedWhenNothingCameForLong() throws Exception {
        store.write(batch(row("old", "orders", NOW_MS - 600_001, 5, "certain", List.of())));
        store.write(batch(row("heard", "alive", NOW_MS - 600_001, 5, "certain", List.of())));
        store.write(windows(new RuntimeWindowRow("w", "", "alive", "i", 6, NOW_MS, 1, "{}")));

        assertThat(state("old")).isEqualTo(AnomalyState.RESOLVED);
        assertThat(state("heard")).isEqualTo(AnomalyState.OPEN);
    }

    @Test
    void possibleOnesAreLeftOutUnlessAskedFor() throws Exception {
        store.write(batch(anomaly("a"), row("p", "orders", NOW_MS, 1, "possible", List.of())));

        assertThat(ids(all())).containsExactly("a");
        AnomalyFilter everything = new AnomalyFilter(
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Long.MIN_VALUE,
                true,
                Long.MAX_VALUE,
                100);
        assertThat(ids(storage.anomalies().list(everything, RULE))).containsExactlyInAnyOrder("a", "p");
    }

    @Test
    void aSliceIsPlannedOnceForEachWorstExampleAndThreeAreKept() throws Exception {
        store.write(batch(withSlice("a", "f1")));
        store.write(batch(withSlice("a", "f1")));
        assertThat(storage.slices().pending(10))
                .singleElement()
                .satisfies(job -> assertThat(job.refs()).containsExactly(CHUNK));

        for (int i = 2; i <= 5; i++) {
            store.write(batch(withSlice("a", "f" + i)));
        }

        assertThat(storage.slices().pending(10)).hasSize(SliceStore.SLICES_PER_ANOMALY_MAX);
    }

    @Test
    void aReadySliceIsBetterThanTheWorstExamplesMissingOne() throws Exception {
        store.write(batch(withSlice("a", "f1")));
        SliceJob first = storage.slices().pending(1).get(0);
        storage.slices().ready(first, new TraceSlice("capture", 8, 9, new byte[] {7}));
        store.write(batch(withSlice("a", "f2")));
        SliceJob second = storage.slices().pending(1).get(0);

        storage.slices().gone(second, "retention was faster");

        assertThat(storage.slices().find("a")).hasValueSatisfying(found -> {
            assertThat(found.state()).isEqualTo(SliceState.READY);
            assertThat(found.slice().orElseThrow().bytes()).containsExactly(7);
        });
        assertThat(storage.slices().counts())
                .containsEntry(SliceState.READY, 1L)
                .containsEntry(SliceState.GONE, 1L)
                .containsEntry(SliceState.PENDING, 0L);
    }

    @Test
    void servicesCountTheNewestWindowOfEachLivingInstance() throws Exception {
        long end = 100_000_000_000L;
        store.write(windows(
                new RuntimeWindowRow("1", "ns", "orders", "i1", end - 1, NOW_MS, 1_000, "{}"),
                new RuntimeWindowRow("2", "ns", "orders", "i1", end, NOW_MS, 10, "{}"),
                new RuntimeWindowRow("3", "ns", "orders", "i2", end - 2, NOW_MS, 5, "{}"),
                new RuntimeWindowRow("4", "ns", "orders", "dead", end - 60_000_000_000L, NOW_MS, 7, "{}")));

        assertThat(storage.windows().services(RULE))
                .containsExactly(new ServiceSummary("ns", "orders", 2, 15, end, NOW_MS, 0));
    }

    @Test
    void retentionDeletesByArrival() throws Exception {
        store.write(batch(row("old", "orders", 100, 1, "certain", List.of(CHUNK)), anomaly("new")));
        store.write(windows(new RuntimeWindowRow("w", "", "orders", "i", NOW_MS * MS, 100, 1, "{}")));

        assertThat(store.deleteOlder(200, 200)).isEqualTo(2);

        assertThat(ids(all())).containsExactly("new");
        assertThat(storage.slices().find("old")).isEmpty();
        assertThat(storage.windows().runtimeWindows(Optional.empty(), "orders", 0, 10))
                .isEmpty();
    }

    private static AnomalyRow anomaly(String id) {
        return row(id, "orders", NOW_MS, NOW_MS * MS, "certain", List.of());
    }

    private static AnomalyRow withSlice(String id, String findingId) {
        AnomalyRow row = row(id, "orders", NOW_MS, NOW_MS * MS, "certain", List.of(CHUNK));
        return new AnomalyRow(
                row.id(),
                row.namespace(),
                row.service(),
                row.kind(),
                row.severity(),
                row.confidence(),
                row.count(),
                row.firstSeenNs(),
                row.lastSeenNs(),
                row.arrivedMs(),
                findingId,
                row.slices(),
                row.document());
    }

    private static AnomalyRow row(
            String id, String service, long arrivedMs, long lastSeenNs, String confidence, List<ChunkRef> slices) {
        return new AnomalyRow(
                id, "", service, "goroutine_leak", "warning", confidence, 1, 1, lastSeenNs, arrivedMs, "f", slices, id);
    }

    private static SinkBatch batch(AnomalyRow... rows) {
        return new SinkBatch(List.of(), byId(rows), List.of(), List.of(), List.of());
    }

    private static SinkBatch batch(long expected, long next, AnomalyRow... rows) {
        return new SinkBatch(
                List.of(new OffsetAdvance(SOURCE, expected, next)), byId(rows), List.of(), List.of(), List.of());
    }

    private static SinkBatch windows(RuntimeWindowRow... rows) {
        return new SinkBatch(List.of(), Map.of(), List.of(rows), List.of(), List.of());
    }

    private static Map<String, Optional<AnomalyRow>> byId(AnomalyRow... rows) {
        Map<String, Optional<AnomalyRow>> byId = new LinkedHashMap<>();
        for (AnomalyRow row : rows) {
            byId.put(row.id(), Optional.of(row));
        }
        return byId;
    }

    private static AnomalyFilter filter(Optional<AnomalyState> state) {
        return new AnomalyFilter(
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                state,
                Long.MIN_VALUE,
                false,
                Long.MAX_VALUE,
                100);
    }

    private List<StoredAnomaly> page(long beforeSeq) {
        return storage.anomalies()
                .list(
                        new AnomalyFilter(
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty(),
                                Long.MIN_VALUE,
                                false,
                                beforeSeq,
                                2),
                        RULE);
    }

    private List<StoredAnomaly> all() {
        return storage.anomalies().list(filter(Optional.empty()), RULE);
    }

    private AnomalyState state(String id) {
        return storage.anomalies().find(id, RULE).orElseThrow().state();
    }

    private static List<String> ids(List<StoredAnomaly> anomalies) {
        return anomalies.stream().map(StoredAnomaly::document).toList();
    }
}
