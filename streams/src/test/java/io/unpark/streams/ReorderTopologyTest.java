package io.unpark.streams;

import static io.unpark.streams.Records.chunk;
import static io.unpark.streams.Records.key;
import static io.unpark.streams.Records.part;
import static org.assertj.core.api.Assertions.assertThat;

import io.unpark.schemas.Topics;
import io.unpark.schemas.record.Finding;
import io.unpark.schemas.record.TraceChunk;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.streams.state.KeyValueStore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Chunks out of order, twice, too late, or never. */
class ReorderTopologyTest {
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

    private void send(TraceChunk chunk) {
        pipeline.send(Topics.TRACE_CHUNKS, key(chunk.getInstance().getName()), chunk);
    }

    private List<Long> leaked() {
        return pipeline.read(Topics.FINDINGS).stream().map(Finding::getCount).toList();
    }

    private List<String> reasons() {
        return pipeline.letters(Topics.TRACE_CHUNKS_DLQ).stream()
                .map(letter -> Pipeline.header(letter, DeadLetters.REASON))
                .toList();
    }

    private void assertNothingIsHeld() {
        for (String name : List.of(InstanceProcessor.HELD, InstanceProcessor.HOLDING)) {
            KeyValueStore<String, Object> store = pipeline.driver.getKeyValueStore(name);
            try (var entries = store.all()) {
                assertThat(entries.hasNext()).as(name).isFalse();
            }
        }
        assertThat(pipeline.counters.holds.isBusy()).isFalse();
    }

    @Test
    void generationsArePutInOrder() {
        send(chunk("a", 3, "leak 300"));
        send(chunk("a", 2, "leak 20"));
        send(chunk("a", 2, "leak 20"));
        assertThat(leaked()).isEmpty();
        assertThat(pipeline.counters.holds.isBusy()).isTrue();

        send(chunk("a", 1, "leak 1"));

        assertThat(leaked()).containsExactly(1L, 21L, 321L);
        assertThat(pipeline.counters.duplicateGenerations.sum()).isEqualTo(1);
        assertThat(reasons()).isEmpty();
        assertNothingIsHeld();
    }

    @Test
    void aGenerationThatDoesNotComeWithinTheBoundIsMissingAndLateAfterwards() {
        send(chunk("a", 1, "leak 1"));
        for (int generation = 3; generation <= 10; generation++) {
            send(chunk("a", generation, "leak 1"));
        }
        assertThat(leaked()).containsExactly(1L);

        send(chunk("a", 11, "leak 1"));
        send(chunk("a", 2, "leak 1"));

        assertThat(leaked()).hasSize(9).last().isEqualTo(10L);
        assertThat(pipeline.counters.missingGenerations.sum()).isEqualTo(1);
        assertThat(pipeline.counters.lateChunks.sum()).isEqualTo(1);
        assertThat(pipeline.counters.evictedWaits.sum()).isZero();
        var letters = pipeline.letters(Topics.TRACE_CHUNKS_DLQ);
        assertThat(letters).hasSize(1);
        assertThat(Pipeline.header(letters.get(0), DeadLetters.REASON)).isEqualTo("LATE");
        assertThat(Pipeline.header(letters.get(0), DeadLetters.MESSAGE)).contains("generation 2 of capture c1");
        assertThat(Pipeline.header(letters.get(0), DeadLetters.OFFSET)).isEqualTo("10");
        assertNothingIsHeld();
    }

    @Test
    void aHeldGenerationThatIsBrokenCostsItselfOnly() {
        send(chunk("a", 2, "corrupt"));
        send(part("a", 3, 0, 2, "leak "));
        send(part("a", 3, 1, 2, "30"));

        send(chunk("a", 1, "leak 1"));

        assertThat(leaked()).containsExactly(1L, 31L);
        var letters = pipeline.letters(Topics.TRACE_CHUNKS_DLQ);
        assertThat(letters).hasSize(1);
        assertThat(Pipeline.header(letters.get(0), DeadLetters.MESSAGE))
                .contains("generation 2 of capture c1")
                .contains("expected a batch");
        assertThat(Pipeline.header(letters.get(0), DeadLetters.REASON)).isEqualTo("CORRUPT");
        assertThat(Pipeline.header(letters.get(0), DeadLetters.OFFSET)).isEqualTo("0");
        assertNothingIsHeld();
    }

    @Test
    void nothingWaitsForEver() {
        send(chunk("a", 2, "leak 2"));
        send(chunk("b", 1, "leak 1"));
        look(50);
        assertThat(leaked()).containsExactly(1L);

        look(10);

        assertThat(leaked()).containsExactly(2L);
        assertThat(pipeline.counters.evictedWaits.sum()).isEqualTo(1);
        assertNothingIsHeld();
    }

    @Test
    void timeAtWhichNobodyLookedIsNoWaiting() {
        send(chunk("a", 2, "leak 2"));
        look(50);

        pipeline.pass(Duration.ofMinutes(10));
        send(chunk("a", 1, "leak 1"));

        assertThat(leaked()).containsExactly(1L, 3L);
        assertThat(pipeline.counters.evictedWaits.sum()).isZero();
    }

    private void look(int seconds) {
        for (int i = 0; i < seconds; i++) {
            pipeline.pass(Duration.ofSeconds(1));
        }
    }

    @Test
    void theEndOfTheInputLetsEverythingGo() {
        send(chunk("a", 2, "leak 2"));
        send(part("a", 4, 0, 2, "leak "));
        send(chunk("b", 3, "leak 3"));

        pipeline.counters.holds.ask();
        pipeline.pass(Duration.ofMillis(100));
        assertThat(pipeline.counters.holds.isBusy()).as("not committed yet").isTrue();
        pipeline.pass(Duration.ofMillis(100));

        assertThat(leaked()).containsExactlyInAnyOrder(2L, 3L);
        assertThat(reasons()).containsExactly("INCOMPLETE");
        assertNothingIsHeld();
    }

    @Test
    void anInstanceThatHoldsTooMuchDoesNotWait() {
        String large = "leak 1" + " ".repeat(600_000);
        send(chunk("a", 2, large));
        assertThat(leaked()).isEmpty();

        send(chunk("a", 4, large));

        assertThat(leaked()).containsExactly(1L);
        assertThat(pipeline.counters.evictedWaits.sum()).isEqualTo(1);
        send(chunk("a", 3, "leak 5"));
        assertThat(leaked()).as("the rest waits on").containsExactly(6L, 7L);
        assertNothingIsHeld();
    }

    @Test
    void aSilentInstanceIsForgottenWithWhatItHeld() {
        pipeline.close();
        StreamsLimits patient = new StreamsLimits(
                64,
                Duration.ofHours(1),
                Duration.ofMinutes(10),
                100,
                Duration.ofDays(3),
                Duration.ofSeconds(30),
                1000,
                Duration.ofDays(1),
                1 << 20);
        pipeline = new Pipeline(stateDir.resolve("patient"), patient);
        send(chunk("a", 2, "leak 2"));
        pipeline.pass(Duration.ofHours(2));

        assertThat(pipeline.counters.evictedInstances.sum()).isEqualTo(1);
        pipeline.pass(Duration.ofSeconds(1));
        assertNothingIsHeld();
        send(chunk("a", 1, "leak 1"));
        assertThat(leaked()).containsExactly(1L);
    }

    @Test
    void anOrderThatCannotBeReadIsDiscarded() {
        send(chunk("a", 1, "leak 1"));
        pipeline.driver
                .<String, byte[]>getKeyValueStore(InstanceProcessor.ORDERS)
                .put(key("a") + "/open", new byte[] {99});

        send(chunk("a", 1, "leak 4"));

        assertThat(leaked()).containsExactly(1L, 4L);
        assertThat(pipeline.counters.discardedStates.sum()).isEqualTo(1);
    }
}
