package io.unpark.analysis.instance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.unpark.analysis.InstanceFeed;
import io.unpark.analysis.OneCpu;
import io.unpark.analysis.Recordings.Generations;
import io.unpark.analysis.Samples;
import io.unpark.analysis.codec.CodecException;
import io.unpark.analysis.config.AnalysisConfig;
import io.unpark.trace.RawGeneration;
import io.unpark.trace.TraceFormatException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A correlator that was restored from its pages goes on exactly as the one that wrote them. */
class RestartTest {
    private static final String HANDLER = "main.handle@/src/main.go:31<main.main@/src/main.go:5";
    private static final String WAIT = "runtime.chanrecv1@/go/chan.go:2<main.handle@/src/main.go:33";

    private record Case(String title, OneCpu cpu) {
        @Override
        public String toString() {
            return title;
        }
    }

    private static OneCpu request(String more) {
        return new OneCpu()
                .at(1)
                .create(4, "main.handle@/src/main.go:28", "main.main@/src/main.go:5")
                .create(5, "main.other@/src/main.go:80", "main.main@/src/main.go:5")
                .block("select", "main.main@/src/main.go:6")
                .run(4)
                .task(9, "unpark.request")
                .log(9, "unpark.request", "trace=4bf92f3577b34da6a3ce929d0e0e4736 route=GET+/a" + more, HANDLER);
    }

    private static OneCpu taskOfAnEndedRequest() {
        OneCpu cpu = request(" ctx_deadline_ns=" + (OneCpu.T0_NS + 20 * OneCpu.MS))
                .create(6, "main.handle.func1@/src/main.go:54", HANDLER)
                .at(60)
                .end()
                .run(6)
                .at(1_000);
        cpu.generation()
                .stop("main.handle.func1@/src/main.go:56")
                .run(5)
                .log(9, "unpark.call", "span=b7ad6b7169203331 peer=stock route=GET+/b", "main.other@/src/main.go:81")
                .block("select", "main.other@/src/main.go:82")
                .run(6)
                .at(2_000);
        return cpu.generation().end();
    }

    private static OneCpu pauseOverTheBoundary() {
        OneCpu cpu =
                request("").at(10).raw("STWBegin kind=\"GC mark termination\"").at(1_500);
        cpu.generation().at(1_600).stop(HANDLER).run(4).at(1_700);
        return cpu.generation().at(2_000).taskEnd(9).end();
    }

    private static OneCpu assistOverTheBoundary() {
        OneCpu cpu =
                request("").at(10).raw("GCMarkAssistBegin stack=" + HANDLER).at(1_500);
        cpu.generation()
                .raw("GCMarkAssistActive g=4")
                .at(1_600)
                .raw("GCMarkAssistEnd")
                .at(1_700);
        return cpu.generation().at(2_000).taskEnd(9).end();
    }

    private static OneCpu waitOverTheBoundary() {
        OneCpu cpu = request("")
                .log(9, "unpark.call", "span=b7ad6b7169203331 peer=stock", HANDLER)
                .at(10);
        cpu.block("chan receive", WAIT).at(1_500).generation().at(2_500).generation();
        return cpu.wake(4, "")
                .run(4)
                .log(9, "unpark.call_end", "span=b7ad6b7169203331", HANDLER)
                .taskEnd(9)
                .end();
    }

    static List<Case> cases() {
        return List.of(
                new Case("a request that ended while its task is open, and a log on that task", taskOfAnEndedRequest()),
                new Case("a pause that has not ended when the generation does", pauseOverTheBoundary()),
                new Case("an assist over it", assistOverTheBoundary()),
                new Case("a wait and a call over it", waitOverTheBoundary()));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void restartsChangeNothing(Case c) throws TraceFormatException {
        // Given
        Generations tape = c.cpu().generations();
        List<InstanceOutput> expected = run(tape, false);
        // When
        List<InstanceOutput> restarted = run(tape, true);
        // Then
        assertThat(expected).hasSize(3);
        assertThat(expected).anyMatch(output -> !output.segments().isEmpty());
        assertThat(restarted).isEqualTo(expected);
    }

    private static List<InstanceOutput> run(Generations tape, boolean restart) throws TraceFormatException {
        InstanceFeed feed = new InstanceFeed(Samples.instance("orders-1"), AnalysisConfig.DEFAULTS);
        List<InstanceOutput> outputs = new ArrayList<>();
        for (RawGeneration generation : tape.list()) {
            outputs.add(feed.take("c1", tape.goMinor(), generation).orElseThrow());
            if (restart) {
                feed.restart();
            }
        }
        assertThat(outputs)
                .allSatisfy(output ->
                        assertThat(output.segments()).allMatch(s -> s.split().totalNs() == s.endNs() - s.startNs()));
        return outputs;
    }

    @Test
    void aRestoredStateHasNothingToWrite() throws TraceFormatException {
        // Given
        Generations tape = waitOverTheBoundary().generations();
        List<StatePage> pages = firstPages(tape);
        // When
        InstanceCorrelator restored =
                InstanceCorrelator.restore(Samples.instance("orders-1"), AnalysisConfig.DEFAULTS, pages);
        // Then
        assertThat(restored.dirtyPages()).isEmpty();
    }

    @Test
    void stateOfAnotherVersionIsRefused() throws TraceFormatException {
        // Given
        List<StatePage> pages = new ArrayList<>(firstPages(waitOverTheBoundary().generations()));
        pages.replaceAll(page -> page.kind().equals("meta") ? new StatePage("meta", 0, new byte[] {99}) : page);
        // Then
        assertThatThrownBy(
                        () -> InstanceCorrelator.restore(Samples.instance("orders-1"), AnalysisConfig.DEFAULTS, pages))
                .isInstanceOf(CodecException.class)
                .hasMessageContaining("version 99");
    }

    @Test
    void damagedPagesAreRefusedAndNothingElse() throws TraceFormatException {
        // Given
        List<StatePage> pages = firstPages(waitOverTheBoundary().generations());
        for (int i = 0; i < pages.size(); i++) {
            StatePage page = pages.get(i);
            for (int cut = 1; cut < page.bytes().length; cut++) {
                List<StatePage> damaged = new ArrayList<>(pages);
                byte[] bytes = page.bytes().clone();
                bytes[cut] ^= (byte) 0x55;
                damaged.set(i, new StatePage(page.kind(), page.number(), bytes));
                // When
                Throwable thrown = null;
                try {
                    InstanceCorrelator.restore(Samples.instance("orders-1"), AnalysisConfig.DEFAULTS, damaged);
                } catch (CodecException e) {
                    thrown = e;
                } catch (RuntimeException e) {
                    // Then
                    throw new AssertionError(page.kind() + " byte " + cut, e);
                }
                assertThat(thrown == null || thrown.getMessage() != null).isTrue();
            }
        }
    }

    private static List<StatePage> firstPages(Generations tape) throws TraceFormatException {
        InstanceFeed feed = new InstanceFeed(Samples.instance("orders-1"), AnalysisConfig.DEFAULTS);
        feed.take("c1", tape.goMinor(), tape.list().get(0));
        return feed.lastDirty();
    }
}
