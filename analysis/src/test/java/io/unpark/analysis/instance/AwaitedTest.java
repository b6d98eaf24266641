package io.unpark.analysis.instance;

import static org.assertj.core.api.Assertions.assertThat;

import io.unpark.analysis.InstanceFeed;
import io.unpark.analysis.OneCpu;
import io.unpark.analysis.Samples;
import io.unpark.analysis.config.AnalysisConfig;
import io.unpark.analysis.model.Member;
import io.unpark.analysis.model.PathHop;
import io.unpark.analysis.model.RequestSegment;
import io.unpark.trace.TraceFormatException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A request that still waits when the trace ends: for its own goroutines, as far as that can be told. */
class AwaitedTest {
    private static final String GROUP =
            "sync.(*WaitGroup).Wait@/go/waitgroup.go:9<main.handle@/src/main.go:31<main.main@/src/main.go:5";
    private static final String LOCK =
            "sync.(*Mutex).Lock@/go/mutex.go:9<main.handle@/src/main.go:33<main.main@/src/main.go:5";
    private static final String SLEEP = "time.Sleep@/go/time.go:9<main.part@/src/main.go:40";
    private static final String NETWORK = "internal/poll.(*FD).Read@/go/fd.go:9<main.part@/src/main.go:44";
    private static final String HERE = "main.handle@/src/main.go:30<main.main@/src/main.go:5";
    private static final String PART = "main.part@/src/main.go:39";

    private static RequestSegment told(OneCpu cpu) throws TraceFormatException {
        InstanceFeed feed = new InstanceFeed(Samples.instance("orders-1"), AnalysisConfig.DEFAULTS);
        List<RequestSegment> segments = feed.takeAll("c1", cpu.generations()).stream()
                .flatMap(output -> output.segments().stream())
                .toList();
        return segments.get(segments.size() - 1);
    }

    private static OneCpu twoParts(String reason, String where) {
        return new OneCpu("sec=1700000000 nsec=0")
                .at(10)
                .task(5, "GET /a")
                .create(11, PART, HERE)
                .create(12, PART, HERE)
                .block(reason, where)
                .run(11)
                .at(12)
                .block("sleep", SLEEP)
                .run(12)
                .at(15)
                .block("network", NETWORK)
                .at(300)
                .waiting(99, SLEEP);
    }

    @Test
    void aGroupIsWaitedForUntilTheLastOfItIsDone() throws TraceFormatException {
        // When
        RequestSegment segment = told(twoParts("sync", GROUP));
        // Then the one that has been idle longest explains it
        List<PathHop> hops = segment.path().hops();
        PathHop root = hops.get(segment.path().root());
        assertThat(root.goroutine()).isEqualTo(11);
        assertThat(root.reason()).isEqualTo("sleep");
        assertThat(root.line().line()).isEqualTo(40);
        assertThat(hops.stream().mapToLong(PathHop::ns).sum()).isEqualTo(segment.endNs() - segment.startNs());
        assertThat(hops.get(root.parent()).wokenAt()).isEqualTo(PathHop.NOWHERE);
    }

    @Test
    void whoHoldsALockIsNotGuessed() throws TraceFormatException {
        // When
        RequestSegment segment = told(twoParts("sync", LOCK));
        // Then
        PathHop root = segment.path().hops().get(segment.path().root());
        assertThat(root.goroutine()).isEqualTo(1);
        assertThat(root.reason()).isEqualTo("sync");
    }

    @Test
    void ofTwoNobodyKnowsWhichSendsTheAnswer() throws TraceFormatException {
        // When
        RequestSegment segment = told(twoParts("chan receive", HERE));
        // Then
        assertThat(segment.path().hops().get(segment.path().root()).goroutine()).isEqualTo(1);
    }

    @Test
    void itsGoroutinesAreNamedWithWhatTheyRan() throws TraceFormatException {
        // When
        RequestSegment segment = told(twoParts("sync", GROUP));
        // Then
        assertThat(segment.memberCount()).isEqualTo(2);
        assertThat(segment.members()).extracting(Member::goroutine).containsExactly(12L, 11L);
        assertThat(segment.members())
                .allMatch(m -> m.certain() && !m.pooled() && m.start().equals("main.part"));
        assertThat(segment.members().get(0).cpuNs()).isBetween(2_900_000L, 3_100_000L);
    }
}
