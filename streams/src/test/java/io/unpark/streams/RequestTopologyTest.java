package io.unpark.streams;

import static io.unpark.streams.Records.callee;
import static io.unpark.streams.Records.caller;
import static org.assertj.core.api.Assertions.assertThat;

import io.unpark.analysis.model.RequestSegment;
import io.unpark.schemas.Topics;
import io.unpark.schemas.record.Finding;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RequestTopologyTest {
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

    private void send(RequestSegment segment) {
        pipeline.send(Topics.REQUEST_SEGMENTS, segment.requestId(), SegmentMapper.toAvro(segment));
    }

    @Test
    void segmentsOfTwoServicesGiveOneJudgement() {
        send(callee("t1"));
        assertThat(pipeline.read(Topics.FINDINGS)).isEmpty();

        send(caller("t1"));

        var findings = pipeline.read(Topics.FINDINGS);
        assertThat(findings).extracting(Finding::getKind).containsExactly("deadline_not_propagated");
        var traces = pipeline.readRecords(Topics.REQUESTS);
        assertThat(traces).extracting("key").containsExactly("t1");
        assertThat(traces.get(0).value().getSegments()).hasSize(2);
        assertThat(traces.get(0).value().getRevision())
                .isEqualTo(findings.get(0).getRevision());
        assertThat(pipeline.read(Topics.ANOMALIES)).hasSize(1);
    }

    @Test
    void oneOfTheSlowestIsKeptWithoutAFindingInWhicheverOrderItsPartsCome() {
        RequestSegment slow = caller("t1").withSlowest(true);
        RequestSegment part =
                Records.segment("t1", "b", "call", "orders-1", Records.T0 + 150 * Records.MS, List.of(), 1);
        send(part);
        send(slow);
        var oneWay = pipeline.readRecords(Topics.REQUESTS);

        pipeline.close();
        pipeline = new Pipeline(stateDir.resolve("other"));
        send(slow);
        send(part);
        var otherWay = pipeline.readRecords(Topics.REQUESTS);

        assertThat(pipeline.read(Topics.FINDINGS)).isEmpty();
        assertThat(oneWay).as("once it is known to be slow").hasSize(1);
        assertThat(otherWay).hasSize(2);
        assertThat(otherWay.get(1).value()).isEqualTo(oneWay.get(0).value());
        assertThat(oneWay.get(0).value().getSegments()).hasSize(2);
    }

    @Test
    void theOrderOfArrivalDoesNotMatter() {
        send(callee("t1"));
        send(caller("t1"));
        var oneWay = pipeline.read(Topics.FINDINGS);

        send(caller("t2"));
        send(callee("t2"));
        var otherWay = pipeline.read(Topics.FINDINGS);

        assertThat(otherWay.get(0).getAnomalyId()).isEqualTo(oneWay.get(0).getAnomalyId());
        assertThat(otherWay.get(0).getRevision()).isEqualTo(oneWay.get(0).getRevision());
        assertThat(otherWay.get(0).getPlace()).isEqualTo(oneWay.get(0).getPlace());
    }

    @Test
    void aDuplicateOrAnOlderRevisionGivesNothing() {
        RequestSegment newer = Records.segment("t1", "b", "call", "orders-1", 0, List.of(), 2);
        send(newer);
        send(caller("t1"));
        pipeline.read(Topics.FINDINGS);
        pipeline.read(Topics.REQUESTS);

        send(newer);
        send(callee("t1"));

        assertThat(pipeline.read(Topics.FINDINGS)).isEmpty();
        assertThat(pipeline.read(Topics.REQUESTS)).isEmpty();
    }

    @Test
    void aRevisionThatTakesTheFaultAwayWithdrawsIt() {
        send(callee("t1"));
        send(caller("t1"));
        pipeline.read(Topics.FINDINGS);

        send(Records.segment("t1", "b", "call", "orders-1", Records.T0 + 150 * Records.MS, List.of(), 2));

        assertThat(pipeline.read(Topics.FINDINGS))
                .extracting(Finding::getWithdrawn)
                .containsExactly(true);
        var anomalies = pipeline.read(Topics.ANOMALIES);
        assertThat(anomalies).hasSize(2);
        assertThat(anomalies.get(1)).as("nothing stands: a tombstone").isNull();
    }

    @Test
    void aRequestIsForgottenAfterItsRetention() {
        send(callee("t1"));
        pipeline.pass(Duration.ofMinutes(9));
        assertThat(pipeline.counters.evictedRequests.sum()).isZero();

        pipeline.pass(Duration.ofMinutes(3));

        assertThat(pipeline.counters.evictedRequests.sum()).isEqualTo(1);
        send(caller("t1"));
        assertThat(pipeline.read(Topics.FINDINGS))
                .as("the callee's part is gone")
                .isEmpty();
    }

    @Test
    void atTheLimitTheOneGoesThatWasSilentLongest() {
        send(callee("first"));
        pipeline.pass(Duration.ofMinutes(1));
        for (int i = 0; i < Pipeline.LIMITS.maxRequests(); i++) {
            send(callee("t" + i));
        }

        send(caller("first"));
        send(caller("t50"));

        assertThat(pipeline.counters.evictedRequests.sum()).isEqualTo(2);
        assertThat(pipeline.read(Topics.FINDINGS))
                .extracting(Finding::getSubject)
                .containsExactly("t50");
    }

    @Test
    void aRequestIdThatCouldBreakTheKeysIsRefused() {
        send(callee("t\0x"));
        send(callee(""));
        pipeline.send(Topics.REQUEST_SEGMENTS, "other", SegmentMapper.toAvro(callee("t1")));
        pipeline.sendRaw(Topics.REQUEST_SEGMENTS, "t1", null);

        assertThat(pipeline.counters.deadLetters.sum()).isEqualTo(4);
    }
}
