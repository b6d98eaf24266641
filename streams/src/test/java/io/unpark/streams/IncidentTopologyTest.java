package io.unpark.streams;

import static io.unpark.streams.Records.leak;
import static org.assertj.core.api.Assertions.assertThat;

import io.unpark.analysis.model.Finding;
import io.unpark.schemas.Topics;
import io.unpark.schemas.record.Anomaly;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IncidentTopologyTest {
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

    private void send(Finding finding) {
        pipeline.send(Topics.FINDINGS, finding.anomalyId(), FindingMapper.toAvro(finding));
    }

    private List<Long> counts() {
        return pipeline.read(Topics.ANOMALIES).stream().map(Anomaly::getCount).toList();
    }

    @Test
    void findingsOfOneFingerprintAreFolded() {
        send(leak("a", 1, 3));
        send(leak("b", 1, 4));
        send(leak("a", 2, 5));

        var anomalies = pipeline.readRecords(Topics.ANOMALIES);
        assertThat(anomalies).extracting("key").containsOnly(leak("a", 1, 3).anomalyId());
        Anomaly last = anomalies.get(2).value();
        assertThat(last.getCount()).isEqualTo(9);
        assertThat(last.getInstance().getName()).isEqualTo("a");
        assertThat(last.getDurationNs()).isEqualTo(5 * Records.MS);
        assertThat(last.getEvidence()).containsEntry("instances", 2L);
        assertThat(last.getUpdatedUnixNs()).isEqualTo(Pipeline.NOW.toEpochMilli() * 1_000_000);
    }

    @Test
    void duplicatesAndOlderRevisionsGiveNothing() {
        send(leak("a", 2, 5));
        send(leak("a", 2, 5));
        send(leak("a", 1, 3));

        assertThat(counts()).containsExactly(5L);
    }

    @Test
    void aWithdrawalFallsBackToWhatStands() {
        send(leak("a", 1, 9));
        send(leak("b", 1, 4));
        send(leak("a", 1, 9).withdrawnAt(2));

        assertThat(counts()).containsExactly(9L, 13L, 4L);
    }

    @Test
    void whenNothingStandsATombstoneIsSentOnce() {
        send(leak("a", 1, 9));
        send(leak("a", 1, 9).withdrawnAt(2));
        send(leak("a", 1, 9).withdrawnAt(3));
        send(leak("a", 1, 9));

        var anomalies = pipeline.read(Topics.ANOMALIES);
        assertThat(anomalies).hasSize(2);
        assertThat(anomalies.get(1)).isNull();
    }

    @Test
    void whatIsNoFindingCostsItself() {
        var later = FindingMapper.toAvro(leak("a", 1, 3));
        later.put("kind", "kind_of_a_later_version");
        pipeline.send(Topics.FINDINGS, later.getAnomalyId(), later);
        pipeline.send(Topics.FINDINGS, "other", FindingMapper.toAvro(leak("a", 1, 3)));
        pipeline.sendRaw(Topics.FINDINGS, leak("a", 1, 3).anomalyId(), null);
        pipeline.sendRaw(Topics.FINDINGS, leak("a", 1, 3).anomalyId(), new byte[] {0, 0, 0, 0, 1, 99});

        send(leak("a", 1, 3));

        assertThat(pipeline.counters.deadLetters.sum()).isEqualTo(4);
        assertThat(counts()).containsExactly(3L);
    }

    @Test
    void anAnomalyNobodySpeaksOfIsForgottenWithATombstone() {
        send(leak("a", 1, 9));
        pipeline.pass(Duration.ofDays(2));
        assertThat(counts()).containsExactly(9L);

        pipeline.pass(Duration.ofDays(2));

        assertThat(pipeline.readRecords(Topics.ANOMALIES))
                .singleElement()
                .satisfies(record -> assertThat(record.value()).isNull());
        assertThat(pipeline.counters.evictedAnomalies.sum()).isEqualTo(1);
        assertThat(pipeline.driver
                        .getKeyValueStore(IncidentProcessor.FINDINGS)
                        .all()
                        .hasNext())
                .isFalse();
    }
}
