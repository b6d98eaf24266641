package io.unpark.ingest.capture;

import static org.assertj.core.api.Assertions.assertThat;

import io.unpark.schemas.record.Advice;
import io.unpark.schemas.record.Anomaly;
import io.unpark.schemas.record.Confidence;
import io.unpark.schemas.record.Instance;
import io.unpark.schemas.record.Place;
import io.unpark.schemas.record.Severity;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Which anomalies ask for a trace, and how often. */
class AnomalyAsksTest {
    private final AtomicLong nowNs = new AtomicLong(1_795_390_000_000_000_000L);
    private final CaptureDesk desk = new CaptureDesk(CaptureLimits.DEFAULT, nowNs::get);
    private final AnomalyAsks asks = new AnomalyAsks(desk, AskLimits.DEFAULT, nowNs::get);

    @BeforeEach
    void agentsOfTwoServicesAreThere() throws CaptureRefusedException {
        polls();
    }

    private void polls() throws CaptureRefusedException {
        for (String instance : new String[] {"orders-1", "orders-2"}) {
            desk.poll(new AgentKey("", "orders", instance), Duration.ofHours(1), Optional.empty());
        }
        desk.poll(new AgentKey("", "gateway", "gateway-1"), Duration.ofHours(1), Optional.empty());
    }

    private void pass(Duration time) throws CaptureRefusedException {
        nowNs.addAndGet(time.toNanos());
        polls();
    }

    private Anomaly anomaly(String id, String kind, String service, String instance) {
        return TestAnomalies.of(id, kind, new Instance("", service, instance, ""), nowNs.get());
    }

    @Test
    void anAnomalyThatWantsATraceAsksItsOwnProcess() {
        String outcome = asks.see(anomaly("a", "slow_request", "orders", "orders-2"));

        assertThat(outcome).isEqualTo("asked");
        CaptureReport report = desk.reports().get(0);
        assertThat(report.agents()).extracting(ShareReport::instance).containsExactly("orders-2");
        assertThat(report.wish().reason()).isEqualTo("anomaly:slow_request");
        assertThat(report.wish().seconds()).isEqualTo(10);
        assertThat(desk.status().askedByAnomalies()).isEqualTo(1);
        assertThat(desk.status().asked()).isZero();
    }

    @Test
    void anotherProcessOfTheServiceIsAskedWhenItsOwnIsGone() {
        assertThat(asks.see(anomaly("a", "goroutine_leak", "orders", "orders-7")))
                .isEqualTo("asked");

        assertThat(desk.reports().get(0).agents())
                .extracting(ShareReport::instance)
                .containsExactly("orders-1");
    }

    @Test
    void whatNeedsAnotherToolIsWeakOrHistoryDoesNotAsk() {
        Anomaly strong = anomaly("a", "slow_request", "orders", "orders-1");
        Anomaly weak = Anomaly.newBuilder(strong).setSeverity(Severity.INFO).build();
        Anomaly unsure =
                Anomaly.newBuilder(strong).setConfidence(Confidence.POSSIBLE).build();
        long before = nowNs.get() - Duration.ofMinutes(6).toNanos();
        Anomaly old = Anomaly.newBuilder(strong).setLastSeenNs(before).build();

        assertThat(asks.see(anomaly("d", "heap_growth", "orders", "orders-1"))).isEqualTo("other_tool");
        assertThat(asks.see(anomaly("e", "data_race", "orders", "orders-1"))).isEqualTo("other_tool");
        assertThat(asks.see(weak)).isEqualTo("weak");
        assertThat(asks.see(unsure)).isEqualTo("weak");
        assertThat(asks.see(old)).isEqualTo("history");
        assertThat(desk.reports()).isEmpty();
    }

    @Test
    void oneAServiceAndPauseAndOneAnAnomalyInHours() throws Exception {
        assertThat(asks.see(anomaly("a", "slow_request", "orders", "orders-1"))).isEqualTo("asked");
        assertThat(asks.see(anomaly("a", "slow_request", "orders", "orders-1"))).isEqualTo("asked_before");
        assertThat(asks.see(anomaly("b", "slow_request", "orders", "orders-2"))).isEqualTo("service_pause");
        assertThat(asks.see(anomaly("c", "slow_request", "gateway", "gateway-1")))
                .isEqualTo("asked");

        pass(Duration.ofMinutes(11));

        assertThat(asks.see(anomaly("a", "slow_request", "orders", "orders-1"))).isEqualTo("asked_before");
        assertThat(asks.see(anomaly("b", "slow_request", "orders", "orders-2"))).isEqualTo("asked");
        pass(Duration.ofHours(6));
        assertThat(asks.see(anomaly("a", "slow_request", "orders", "orders-1"))).isEqualTo("asked");
        assertThat(asks.outcomes()).isEqualTo(Map.of("asked", 4L, "asked_before", 2L, "service_pause", 1L));
    }

    @Test
    void allServicesTogetherAskSoManyTimesAnHour() throws Exception {
        AskLimits limits = AskLimits.DEFAULT.withServicePause(Duration.ofMinutes(1));
        AnomalyAsks often = new AnomalyAsks(desk, limits, nowNs::get);
        for (int i = 0; i < limits.perHour(); i++) {
            assertThat(often.see(anomaly("a" + i, "slow_request", "orders", "orders-1")))
                    .isEqualTo("asked");
            pass(Duration.ofMinutes(2));
        }

        assertThat(often.see(anomaly("b", "slow_request", "orders", "orders-1")))
                .isEqualTo("hourly_limit");
        pass(Duration.ofMinutes(21));
        assertThat(often.see(anomaly("b", "slow_request", "orders", "orders-1")))
                .isEqualTo("asked");
    }

    @Test
    void nobodyToAskIsTriedAgainLater() throws Exception {
        assertThat(asks.see(anomaly("a", "slow_request", "billing", "billing-1")))
                .isEqualTo("no_agent");
        assertThat(asks.see(anomaly("a", "slow_request", "billing", "billing-1")))
                .isEqualTo("service_pause");
        pass(Duration.ofMinutes(2));
        desk.poll(new AgentKey("", "billing", "billing-1"), Duration.ofHours(1), Optional.empty());

        assertThat(asks.see(anomaly("a", "slow_request", "billing", "billing-1")))
                .isEqualTo("asked");
    }

    /** Records of anomalies. */
    static final class TestAnomalies {
        private TestAnomalies() {}

        static Anomaly of(String id, String kind, Instance instance, long lastSeenNs) {
            return Anomaly.newBuilder()
                    .setId(id)
                    .setKind(kind)
                    .setInstance(instance)
                    .setPlace(new Place("main.f", "main.go", 1, "", ""))
                    .setSeverity(Severity.WARNING)
                    .setConfidence(Confidence.LIKELY)
                    .setCount(1)
                    .setFirstSeenNs(lastSeenNs)
                    .setLastSeenNs(lastSeenNs)
                    .setSummary("s")
                    .setAdvice(new Advice("f", "n", "d"))
                    .setWorstFindingId("w")
                    .build();
        }
    }
}
