package io.unpark.streams;

import static io.unpark.streams.Records.leak;
import static org.assertj.core.api.Assertions.assertThat;

import io.unpark.analysis.incident.IncidentFold;
import io.unpark.analysis.incident.IncidentState;
import io.unpark.schemas.Topics;
import io.unpark.schemas.record.Anomaly;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** More findings of one fingerprint than are held. */
class FloodTest {
    private static final int BEYOND = 100;
    private static final int MAX_RECORD_BYTES = 512 * 1024;

    @TempDir
    Path stateDir;

    private Pipeline pipeline;

    @BeforeEach
    void start() {
        pipeline = new Pipeline(stateDir);
    }

    @AfterEach
    void stop() {
        pipeline.close();
    }

    private void send(String instance, long revision, long count) {
        var finding = leak(instance, revision, count);
        pipeline.send(Topics.FINDINGS, finding.anomalyId(), FindingMapper.toAvro(finding));
    }

    /** As that many findings leave the stores; the driver would take a minute for them. */
    private void fill(int findings) {
        KeyValueStore<String, byte[]> store = pipeline.driver.getKeyValueStore(IncidentProcessor.FINDINGS);
        String id = leak("x", 1, 1).anomalyId();
        try (StoredFindings stored = new StoredFindings(store, id)) {
            IncidentState state = null;
            for (int i = 0; i < findings; i++) {
                state = IncidentFold.apply(state, leak("orders-" + i, 1, 1 + i % 7), stored);
            }
            stored.flush();
            KeyValueStore<String, byte[]> states = pipeline.driver.getKeyValueStore(IncidentProcessor.STATES);
            states.put(id, state.toBytes());
        }
    }

    private List<String> held() {
        List<String> keys = new ArrayList<>();
        KeyValueStore<String, byte[]> findings = pipeline.driver.getKeyValueStore(IncidentProcessor.FINDINGS);
        try (KeyValueIterator<String, byte[]> all = findings.all()) {
            all.forEachRemaining(entry -> keys.add(entry.key));
        }
        return keys;
    }

    @Test
    void aFloodIsOneAnomalyWithABoundedStateThatSaysAtLeast() {
        String id = leak("x", 1, 1).anomalyId();
        fill(IncidentState.MAX_FINDINGS - BEYOND);
        for (int i = 0; i < 3 * BEYOND; i++) {
            send("orders-" + (IncidentState.MAX_FINDINGS - BEYOND + i), 1, 1 + i % 7);
        }

        List<TestRecord<String, Anomaly>> records = pipeline.readRecords(Topics.ANOMALIES);
        Anomaly last = records.get(records.size() - 1).value();
        assertThat(records).extracting(TestRecord::key).containsOnly(id);
        assertThat(last.getEvidence()).containsEntry("count_at_least", true);
        assertThat(last.getCount()).isGreaterThanOrEqualTo(IncidentState.MAX_FINDINGS);
        assertThat(held()).hasSize(IncidentState.MAX_FINDINGS);
        assertThat(pipeline.counters.findingsLetGo.sum()).isEqualTo(2 * BEYOND);
        byte[] state = pipeline.driver
                .<String, byte[]>getKeyValueStore(IncidentProcessor.STATES)
                .get(id);
        assertThat(state).hasSizeLessThan(100_000);
        assertThat(pipeline.serdes.value(Topics.ANOMALIES).serializer().serialize(Topics.ANOMALIES.name(), last))
                .hasSizeLessThan(MAX_RECORD_BYTES);

        // A revision of one that is held still counts, a duplicate does not, and the restored store goes on the same.
        String known = held().get(0);
        assertThat(known).startsWith(id + "/");
        send("orders-0", 1, 1);
        assertThat(pipeline.read(Topics.ANOMALIES).size()).isLessThanOrEqualTo(1);
        assertThat(held()).hasSize(IncidentState.MAX_FINDINGS);
    }

    @Test
    void beyondTheLimitTheAnomalyGoesThatWasSilentLongest() {
        Pipeline few = new Pipeline(stateDir.resolve("few"), 3);
        try (few) {
            for (int i = 0; i < 5; i++) {
                var finding = Records.finding("main.handler" + i, i);
                few.send(Topics.FINDINGS, finding.anomalyId(), FindingMapper.toAvro(finding));
                few.pass(Duration.ofMinutes(1));
            }

            assertThat(few.readRecords(Topics.ANOMALIES).stream().filter(it -> it.value() == null))
                    .extracting(TestRecord::key)
                    .containsExactly(
                            Records.finding("main.handler0", 0).anomalyId(),
                            Records.finding("main.handler1", 1).anomalyId());
            assertThat(few.counters.evictedAnomalies.sum()).isEqualTo(2);
        }
    }

    @Test
    void aStateOfAnotherVersionIsMadeAnewOfItsFindings() {
        send("a", 1, 3);
        send("b", 1, 4);
        KeyValueStore<String, byte[]> states = pipeline.driver.getKeyValueStore(IncidentProcessor.STATES);
        String id = leak("a", 1, 3).anomalyId();
        states.put(id, new byte[] {99});

        send("c", 1, 5);

        assertThat(pipeline.read(Topics.ANOMALIES))
                .extracting(Anomaly::getCount)
                .containsExactly(3L, 7L, 12L);
        assertThat(pipeline.counters.discardedStates.sum()).isEqualTo(1);
    }

    @Test
    void findingsThatCannotBeReadEitherAreDiscardedAndTheAnomalyBeginsAnew() {
        send("a", 1, 3);
        String id = leak("a", 1, 3).anomalyId();
        pipeline.driver
                .<String, byte[]>getKeyValueStore(IncidentProcessor.STATES)
                .put(id, new byte[] {99});
        KeyValueStore<String, byte[]> findings = pipeline.driver.getKeyValueStore(IncidentProcessor.FINDINGS);
        List<KeyValue<String, byte[]>> all = new ArrayList<>();
        try (KeyValueIterator<String, byte[]> entries = findings.all()) {
            entries.forEachRemaining(all::add);
        }
        all.forEach(entry -> findings.put(entry.key, "damaged".getBytes(StandardCharsets.UTF_8)));

        send("c", 1, 5);

        assertThat(pipeline.read(Topics.ANOMALIES))
                .extracting(Anomaly::getCount)
                .containsExactly(3L, 5L);
    }
}
