package io.unpark.analysis.instance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.unpark.analysis.InstanceFeed;
import io.unpark.analysis.OneCpu;
import io.unpark.analysis.Samples;
import io.unpark.analysis.config.AnalysisConfig;
import io.unpark.analysis.model.RequestSegment;
import io.unpark.analysis.model.TimeSplit;
import io.unpark.trace.TraceFormatException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The classes of a request's time, one after the other; an event takes a nanosecond or two. */
class TimeSplitTest {
    private static final String HANDLER = "main.handle@/src/main.go:31<main.main@/src/main.go:5";
    private static final long MS = OneCpu.MS;

    private static RequestSegment only(OneCpu cpu) throws TraceFormatException {
        InstanceFeed feed = new InstanceFeed(Samples.instance("orders-1"), AnalysisConfig.DEFAULTS);
        List<RequestSegment> segments = feed.takeAll("c1", cpu.generations()).stream()
                .flatMap(output -> output.segments().stream())
                .toList();
        assertThat(segments).hasSize(1);
        return segments.get(0);
    }

    private static OneCpu process() {
        return new OneCpu()
                .at(1)
                .create(4, "main.handle@/src/main.go:28", "main.main@/src/main.go:5")
                .create(5, "main.other@/src/main.go:8", "main.main@/src/main.go:5")
                .block("select", "main.main@/src/main.go:6");
    }

    @Test
    void eachStretchIsInItsClass() throws TraceFormatException {
        // Given
        OneCpu cpu = process()
                .at(10)
                .run(4)
                .task(9, "unpark.request")
                .log(9, "unpark.request", "route=GET+/a", HANDLER)
                .at(20) // 10 ms running
                .block("chan receive", "runtime.chanrecv1@/go/chan.go:2<main.handle@/src/main.go:33")
                .at(50) // 30 ms blocked
                .wake(4, "")
                .at(55) // 5 ms runnable
                .run(4)
                .raw("STWBegin kind=\"GC mark termination\"")
                .at(57) // 2 ms stopped
                .raw("STWEnd")
                .raw("GCMarkAssistBegin stack=" + HANDLER)
                .at(60) // 3 ms assisting
                .raw("GCMarkAssistEnd")
                .raw("GoSyscallBegin p_seq=1 stack=syscall.Read@/go/s.go:1<main.handle@/src/main.go:35")
                .at(67) // 7 ms in a system call
                .raw("GoSyscallEnd")
                .taskEnd(9)
                .end();
        // When
        RequestSegment segment = only(cpu);
        // Then
        TimeSplit split = segment.split();
        assertThat(split.runningNs()).isCloseTo(10 * MS, within(100L));
        assertThat(split.blockedNs()).containsOnlyKeys("chan receive");
        assertThat(split.blockedTotalNs()).isCloseTo(30 * MS, within(100L));
        assertThat(split.runnableNs()).isCloseTo(5 * MS, within(100L));
        assertThat(split.stopTheWorldNs()).isCloseTo(2 * MS, within(100L));
        assertThat(split.gcAssistNs()).isCloseTo(3 * MS, within(100L));
        assertThat(split.syscallNs()).isCloseTo(7 * MS, within(100L));
        assertThat(split.totalNs()).isEqualTo(segment.endNs() - segment.startNs());
    }

    @Test
    void aPauseCountsForWhomIsReadyAndNotForWhomIsBlocked() throws TraceFormatException {
        // Given
        OneCpu cpu = process()
                .at(10)
                .run(4)
                .task(9, "unpark.request")
                .log(9, "unpark.request", "route=GET+/a", HANDLER)
                .block("chan receive", "main.handle@/src/main.go:33")
                .run(5)
                .raw("STWBegin kind=\"GC sweep termination\"")
                .at(20)
                .raw("STWEnd")
                .wake(4, "main.other@/src/main.go:9")
                .raw("STWBegin kind=\"GC sweep termination\"")
                .at(26)
                .raw("STWEnd")
                .block("select", "main.other@/src/main.go:9")
                .run(4)
                .taskEnd(9)
                .end();
        // When
        TimeSplit split = only(cpu).split();
        // Then
        assertThat(split.blockedTotalNs()).isCloseTo(10 * MS, within(100L));
        assertThat(split.stopTheWorldNs()).isCloseTo(6 * MS, within(100L));
        assertThat(split.runnableNs()).isLessThan(100);
    }

    @Test
    void withoutAWallClockDurationsHoldAndFindingsHaveNoTime() throws TraceFormatException {
        // Given
        String text = process()
                .at(10)
                .run(4)
                .task(9, "unpark.request")
                .log(9, "unpark.request", "route=GET+/a", HANDLER)
                .block("sync", "sync.(*Mutex).Lock@/go/mutex.go:2<main.handle@/src/main.go:33")
                .at(500)
                .wake(4, "")
                .run(4)
                .taskEnd(9)
                .end()
                .text()
                .replace("Go1.26", "Go1.23");
        InstanceFeed feed = new InstanceFeed(Samples.instance("orders-1"), AnalysisConfig.DEFAULTS);
        // When
        List<InstanceOutput> outputs = feed.takeAll("c1", OneCpu.generations(text));
        // Then
        assertThat(outputs).hasSize(1);
        InstanceOutput output = outputs.get(0);
        assertThat(output.segments())
                .singleElement()
                .satisfies(s -> assertThat(s.endNs() - s.startNs())
                        .isEqualTo(s.split().totalNs())
                        .isPositive());
        assertThat(output.findings())
                .singleElement()
                .satisfies(f ->
                        assertThat(List.of(f.firstSeenNs(), f.lastSeenNs())).containsOnly(0L));
    }
}
