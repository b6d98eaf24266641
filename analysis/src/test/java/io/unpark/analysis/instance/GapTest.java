package io.unpark.analysis.instance;

import static org.assertj.core.api.Assertions.assertThat;

import io.unpark.analysis.InstanceFeed;
import io.unpark.analysis.Joined;
import io.unpark.analysis.OneCpu;
import io.unpark.analysis.Recordings;
import io.unpark.analysis.Recordings.Generations;
import io.unpark.analysis.Samples;
import io.unpark.analysis.config.AnalysisConfig;
import io.unpark.analysis.model.Finding;
import io.unpark.analysis.model.Kind;
import io.unpark.analysis.model.RequestSegment;
import io.unpark.trace.TraceFormatException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Generations that are missing, come again, come late, or belong to another capture. */
class GapTest {
    private static final String SEND = "runtime.chansend1@/go/chan.go:1<main.work.func1@/src/main.go:20";
    private static final String RECEIVE = "runtime.chanrecv1@/go/chan.go:2<main.handle@/src/main.go:31";
    private static final String HERE = "main.handle@/src/main.go:30<main.main@/src/main.go:5";

    private final InstanceFeed feed = new InstanceFeed(Samples.instance("orders-1"), AnalysisConfig.DEFAULTS);

    /**
     * Goroutine 2 sends for ever, 3 ends in generation 2, 4 has an annotated request open over all generations and waits
     * in it; each generation lasts a second.
     */
    private static OneCpu fourGenerations() {
        OneCpu cpu = new OneCpu()
                .at(1)
                .create(2, "main.work.func1@/src/main.go:19", HERE)
                .create(3, "main.work.func2@/src/main.go:40", HERE)
                .at(300)
                .create(4, "main.handle@/src/main.go:28", HERE)
                .block("select", "main.main@/src/main.go:6")
                .run(2)
                .block("chan send", SEND)
                .run(3)
                .block("chan receive", "main.work.func2@/src/main.go:41")
                .run(4)
                .task(9, "unpark.request")
                .log(
                        9,
                        "unpark.request",
                        "trace=4bf92f3577b34da6a3ce929d0e0e4736 span=00f067aa0ba902b7 route=GET+/a",
                        HERE)
                .at(320)
                .block("chan receive", RECEIVE)
                .at(1_000);
        cpu.generation().at(1_500).wake(3, "").run(3).end().at(2_000);
        cpu.generation().at(3_000).wake(1, "").run(1).at(3_001);
        cpu.generation().at(4_000).block("select", "main.main@/src/main.go:6").at(5_000);
        return cpu;
    }

    private Optional<InstanceOutput> take(Generations tape, int index) throws TraceFormatException {
        return feed.take("c1", tape.goMinor(), tape.list().get(index));
    }

    @Test
    void openRequestsAreToldTruncatedAndNotHeldAnyMore() throws TraceFormatException {
        // Given
        Generations tape = fourGenerations().generations();
        take(tape, 0);
        // When
        InstanceOutput afterGap = take(tape, 2).orElseThrow();
        InstanceOutput last = take(tape, 3).orElseThrow();
        // Then
        assertThat(afterGap.segments()).hasSize(1);
        RequestSegment segment = afterGap.segments().get(0);
        assertThat(segment.endTruncated()).isTrue();
        assertThat(segment.route()).isEqualTo("GET /a");
        assertThat(segment.split().totalNs()).isEqualTo(segment.endNs() - segment.startNs());
        assertThat(segment.endNs()).isLessThanOrEqualTo(OneCpu.T0_NS + 1_001 * OneCpu.MS);
        assertThat(last.segments()).isEmpty();
    }

    @Test
    void goroutinesNotSeenAfterTheGapAreForgotten() throws TraceFormatException {
        // Given
        Generations tape = fourGenerations().generations();
        long before = take(tape, 0).orElseThrow().window().goroutines();
        // When
        InstanceOutput afterGap = take(tape, 2).orElseThrow();
        // Then
        assertThat(before).isEqualTo(4);
        assertThat(afterGap.window().goroutines()).isEqualTo(3);
    }

    @Test
    void aWaitThatWasOpenBeforeTheGapLastsAtLeastSinceItsEnd() throws TraceFormatException {
        // Given
        Generations tape = fourGenerations().generations();
        take(tape, 0);
        // When
        take(tape, 2);
        InstanceOutput last = take(tape, 3).orElseThrow();
        // Then
        List<Finding> leaks = ofKind(last, Kind.GOROUTINE_LEAK);
        assertThat(leaks).hasSize(1);
        Finding leak = leaks.get(0);
        assertThat(leak.place().line()).isEqualTo(20);
        assertThat(leak.evidence().values()).containsEntry("longest_wait_at_least", true);
        assertThat(leak.durationNs()).isBetween(1_500 * OneCpu.MS, 3_001 * OneCpu.MS);
    }

    @Test
    void aGoroutineThatWaitsElsewhereAfterTheGapIsFoundThere() throws TraceFormatException {
        // Given
        String second = "runtime.chansend1@/go/chan.go:1<main.work.func1@/src/main.go:25";
        OneCpu cpu = new OneCpu()
                .at(1)
                .create(2, "main.work.func1@/src/main.go:19", HERE)
                .block("select", "main.main@/src/main.go:6")
                .run(2)
                .block("chan send", SEND)
                .at(100);
        cpu.generation().at(200).wake(2, "").run(2).block("chan send", second).at(300);
        cpu.generation().at(2_500).wake(1, "").run(1);
        Generations tape = cpu.generations();
        take(tape, 0);
        // When
        InstanceOutput output = take(tape, 2).orElseThrow();
        // Then
        assertThat(ofKind(output, Kind.GOROUTINE_LEAK))
                .singleElement()
                .satisfies(leak -> assertThat(leak.place().line()).isEqualTo(25));
    }

    @Test
    void whatCameBeforeIsIgnored() throws TraceFormatException {
        // Given
        Generations tape = fourGenerations().generations();
        take(tape, 0);
        take(tape, 1);
        take(tape, 3);
        // When
        List<Optional<InstanceOutput>> again = new ArrayList<>();
        for (int index : new int[] {0, 1, 2, 3}) {
            again.add(take(tape, index));
        }
        // Then
        assertThat(again).allMatch(Optional::isEmpty);
    }

    @Test
    void anotherCaptureStartsOverAndWhatWasFoundStands() throws TraceFormatException {
        // Given
        Generations tape = fourGenerations().generations();
        Joined joined = new Joined(AnalysisConfig.DEFAULTS);
        feed.takeAll("c1", tape).forEach(joined::output);
        List<String> before = joined.anomalies().stream().map(Joined::identity).toList();
        Generations quiet = new OneCpu()
                .at(1)
                .block("select", "main.main@/src/main.go:6")
                .at(50)
                .generations();
        // When
        InstanceOutput other =
                feed.take("c2", quiet.goMinor(), quiet.list().get(0)).orElseThrow();
        joined.output(other);
        Optional<InstanceOutput> again =
                feed.take("c1", tape.goMinor(), tape.list().get(3));
        // Then
        assertThat(before).isNotEmpty();
        assertThat(other.window().goroutines()).isEqualTo(1);
        assertThat(joined.anomalies().stream().map(Joined::identity)).isEqualTo(before);
        assertThat(again).isEmpty();
    }

    @Test
    void anyOneGenerationOfTheDemoMayBeMissing() throws TraceFormatException {
        // Given
        for (Recordings.Tape recorded : Recordings.scenario("mutex").tapes()) {
            Generations tape = recorded.generations();
            for (int missing = 1; missing < tape.list().size(); missing++) {
                InstanceFeed one = new InstanceFeed(recorded.instance(), AnalysisConfig.DEFAULTS);
                List<RequestSegment> segments = new ArrayList<>();
                // When
                for (int i = 0; i < tape.list().size(); i++) {
                    if (i != missing) {
                        one.take("c1", tape.goMinor(), tape.list().get(i))
                                .ifPresent(output -> segments.addAll(output.segments()));
                        one.restart();
                    }
                }
                // Then
                assertThat(one.detectorErrors()).isEmpty();
                assertThat(segments).allMatch(s -> s.split().totalNs() == s.endNs() - s.startNs());
            }
        }
    }

    private static List<Finding> ofKind(InstanceOutput output, Kind kind) {
        return output.findings().stream()
                .filter(f -> f.kind() == kind && !f.withdrawn())
                .toList();
    }
}
