package io.unpark.analysis.instance;

import static org.assertj.core.api.Assertions.assertThat;

import io.unpark.analysis.InstanceFeed;
import io.unpark.analysis.OneCpu;
import io.unpark.analysis.Recordings.Generations;
import io.unpark.analysis.Samples;
import io.unpark.analysis.config.AnalysisConfig;
import io.unpark.analysis.model.HopKind;
import io.unpark.analysis.model.PathHop;
import io.unpark.analysis.model.RequestSegment;
import io.unpark.trace.TraceFormatException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Requests that a missing generation cuts in two, or that began before the trace. */
class RequestGapTest {
    private static final String STREAM = "net/http.(*http2serverConn).runHandler@/go/h2.go:9";
    private static final String HERE = "net/http.(*http2serverConn).scheduleHandler@/go/h2.go:4";
    private static final String RECEIVE = "runtime.chanrecv1@/go/chan.go:2<main.handle@/src/main.go:31"
            + "<net/http.HandlerFunc.ServeHTTP@/go/server.go:8<";

    private static List<RequestSegment> segments(OneCpu cpu, int missing) throws TraceFormatException {
        InstanceFeed feed = new InstanceFeed(Samples.instance("orders-1"), AnalysisConfig.DEFAULTS);
        Generations tape = cpu.generations();
        List<RequestSegment> segments = new ArrayList<>();
        for (int i = 0; i < tape.list().size(); i++) {
            if (i != missing) {
                feed.take("c1", tape.goMinor(), tape.list().get(i))
                        .ifPresent(output -> segments.addAll(output.segments()));
            }
        }
        assertThat(segments).allMatch(s -> s.split().totalNs() == s.endNs() - s.startNs());
        return segments;
    }

    @Test
    void aStreamsGoroutineGoesOnWithItsRequestAfterTheHole() throws TraceFormatException {
        // Given
        OneCpu cpu = new OneCpu()
                .at(1)
                .create(2, STREAM, HERE)
                .block("select", "main.main@/src/main.go:6")
                .run(2)
                .block("chan receive", RECEIVE + STREAM)
                .at(1_000);
        cpu.generation().at(2_000);
        cpu.generation().at(2_500).wake(2, "").run(2).at(2_510).end();
        // When
        List<RequestSegment> segments = segments(cpu, 1);
        // Then
        assertThat(segments).extracting(RequestSegment::segmentId).containsOnly("c1/2@" + 1_000_001);
        RequestSegment last = segments.get(segments.size() - 1);
        assertThat(last.startTruncated()).isFalse();
        assertThat(last.endTruncated()).isFalse();
        assertThat(last.split().blockedNs().get("unknown")).isGreaterThan(1_000 * OneCpu.MS);
        assertThat(last.split().runningNs()).isBetween(10 * OneCpu.MS, 11 * OneCpu.MS);
        assertThat(last.path().hops())
                .filteredOn(hop -> hop.parent() < 0 && hop.kind() == HopKind.UNKNOWN)
                .singleElement() // what follows is a wait that began nobody knows when
                .satisfies(hop -> assertThat(hop.ns()).isBetween(1_990 * OneCpu.MS, 2_000 * OneCpu.MS));
        assertThat(last.path().hops().stream().mapToLong(PathHop::ns).sum()).isEqualTo(last.endNs() - last.startNs());
    }

    @Test
    void aRequestThatBeganBeforeTheTraceHasTheTimeSinceTheTracesBegin() throws TraceFormatException {
        // Given
        String connection = "net/http.(*conn).serve@/go/server.go:9";
        OneCpu cpu = new OneCpu()
                .at(1)
                .waiting(2, RECEIVE + connection)
                .block("select", "main.main@/src/main.go:6")
                .at(300)
                .wake(2, "")
                .run(2)
                .at(310)
                .block("network", "net/http.(*conn).readRequest@/go/server.go:4<" + connection)
                .at(400);
        // When
        List<RequestSegment> segments = segments(cpu, -1);
        // Then
        assertThat(segments).singleElement().satisfies(s -> {
            assertThat(s.startTruncated()).isTrue();
            assertThat(s.endTruncated()).isFalse();
            assertThat(s.route()).isEqualTo("main.handle");
            assertThat(s.endNs() - s.startNs()).isBetween(309 * OneCpu.MS, 311 * OneCpu.MS);
        });
    }
}
