package io.unpark.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.unpark.testkit.Corpus;
import io.unpark.testkit.TraceText;
import io.unpark.trace.TraceFormatException.Reason;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The records tell what the visitor is told, one by one, also of a broken trace. */
class TraceEventsTest {

    @TestFactory
    Stream<DynamicTest> goldensAreToldAlike() throws IOException {
        return Golden.all().stream()
                .map(golden -> DynamicTest.dynamicTest(golden.title(), () -> check(golden.trace())));
    }

    @TestFactory
    Stream<DynamicTest> simulationsAreToldAlike() {
        return IntStream.range(0, 20)
                .mapToObj(seed -> DynamicTest.dynamicTest("seed " + seed, () -> {
                    Simulation simulation = new Simulation(seed, 8, 4, 20);
                    simulation.generation(1, 200);
                    simulation.generation(2, 200);
                    check(TraceText.assemble(simulation.text()));
                }));
    }

    @TestFactory
    Stream<DynamicTest> recordingsAreToldAlike() throws IOException {
        return Corpus.demoTraces().stream()
                .filter(file -> file.toString().contains("background"))
                .map(file -> DynamicTest.dynamicTest(file.getFileName().toString(), () -> check(Corpus.read(file))));
    }

    private static void check(byte[] trace) throws IOException {
        // Given
        Decoded expected = Decoded.of(trace, TraceLimits.defaults(), ZoneOffset.UTC);

        // When
        StringBuilder dump = new StringBuilder();
        Retold retold = new Retold(new GoFormatPrinter(dump, ZoneOffset.UTC));
        TraceFormatException failure = null;
        try (TraceEvents events = TraceEvents.open(ByteBuffer.wrap(trace))) {
            for (TraceEvent event = events.next(); event != null; event = events.next()) {
                retold.tell(event);
            }
        } catch (TraceFormatException e) {
            failure = e;
        }

        // Then
        assertThat(dump.toString()).isEqualTo(expected.dump());
        assertThat(String.valueOf(failure)).isEqualTo(String.valueOf(expected.failure()));
    }

    @Test
    void eventsAreReadOneByOne() throws IOException {
        // Given: a trace whose second generation is broken at its end
        byte[] trace = Golden.of("fail_cut_in_generation").trace();

        // When
        try (TraceEvents events = TraceEvents.open(new ByteArrayInputStream(trace))) {
            List<TraceEvent> told = List.of(events.next(), events.next(), events.next());
            var cut = catchThrowableOfType(TraceFormatException.class, events::next);

            // Then
            assertThat(events.header().goMinor()).isEqualTo(26);
            assertThat(told)
                    .hasExactlyElementsOfTypes(
                            TraceEvent.Sync.class, TraceEvent.ProcTransition.class, TraceEvent.Sync.class);
            assertThat(cut.reason()).isEqualTo(Reason.TRUNCATED);
            assertThat(cut.completeGenerations()).isEqualTo(1);
            assertThat(events.completeGenerations()).isEqualTo(1);
            assertThatThrownBy(events::next).isSameAs(cut);
        }
    }

    @Test
    void aStreamEndsAndClosesItsSource() throws IOException {
        // Given
        boolean[] closed = new boolean[1];
        byte[] trace = Golden.of("go126_user_annotations").trace();
        var in = new ByteArrayInputStream(trace) {
            @Override
            public void close() {
                closed[0] = true;
            }
        };

        // When
        List<String> tasks;
        try (Stream<TraceEvent> events = TraceEvents.open(in).stream()) {
            tasks = events.filter(TraceEvent.TaskBegin.class::isInstance)
                    .map(event -> ((TraceEvent.TaskBegin) event).type())
                    .toList();
        }

        // Then
        assertThat(tasks).containsExactly("GET /orders", "query \"x\"\n");
        assertThat(closed[0]).isTrue();
    }

    @Test
    void aStreamWrapsTheFailure() throws IOException {
        // Given
        byte[] trace = Golden.of("go126_user_annotations").trace();
        byte[] cut = Arrays.copyOf(trace, trace.length - 1);

        // When
        try (Stream<TraceEvent> events = TraceEvents.open(ByteBuffer.wrap(cut)).stream()) {
            // Then
            assertThatThrownBy(events::count)
                    .isInstanceOf(UncheckedIOException.class)
                    .hasCauseInstanceOf(TraceFormatException.class);
        }
    }

    @Test
    void recordsCanBeKept() throws IOException {
        // Given
        byte[] trace = Golden.of("go126_user_annotations").trace();

        // When: the same trace twice, all records kept
        List<TraceEvent> first =
                TraceEvents.open(ByteBuffer.wrap(trace)).stream().toList();
        List<TraceEvent> second =
                TraceEvents.open(ByteBuffer.wrap(trace)).stream().toList();

        // Then
        assertThat(first).isEqualTo(second).isNotEmpty();
        assertThat(first).extracting(TraceEvent::timeNs).isSorted().doesNotHaveDuplicates();
        TraceEvent.Log log = first.stream()
                .filter(TraceEvent.Log.class::isInstance)
                .map(TraceEvent.Log.class::cast)
                .findFirst()
                .orElseThrow();
        assertThat(log.bytes().get(2)).isEqualTo((byte) 0xff);
        assertThat(log.bytes().isReadOnly()).isTrue();
        assertThat(log.at().stack()).extracting(StackFrame::function).containsExactly("main.query");
    }
}
