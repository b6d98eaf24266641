package io.unpark.streams;

import static io.unpark.streams.Records.chunk;
import static io.unpark.streams.Records.key;
import static io.unpark.streams.Records.part;
import static org.assertj.core.api.Assertions.assertThat;

import io.unpark.schemas.Topics;
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
        pipeline.send(chunk("a", 3, "leak 300"));
        pipeline.send(chunk("a", 2, "leak 20"));
        pipeline.send(chunk("a", 2, "leak 20"));
        assertThat(pipeline.leaked()).isEmpty();
        assertThat(pipeline.counters.holds.isBusy()).isTrue();

        pipeline.send(chunk("a", 1, "leak 1"));

        assertThat(pipeline.leaked()).containsExactly(1L, 21L, 321L);
        assertThat(pipeline.counters.duplicateGenerations.sum()).isEqualTo(1);
        assertThat(reasons()).isEmpty();
        assertNothingIsHeld();
    }

    @Test
    void aGenerationThatDoesNotComeWithinTheBoundIsMissingAndLateAfterwards() {
        pipeline.send(chunk("a", 1, "leak 1"));
        for (int generation = 3; generation <= 10; generation++) {
            pipeline.send(chunk("a", generation, "leak 1"));
        }
        assertThat(pipeline.leaked()).containsExactly(1L);

        pipeline.send(chunk("a", 11, "leak 1"));
        pipeline.send(chunk("a", 2, "leak 1"));

        assertThat(pipeline.leaked()).hasSize(9).last().isEqualTo(10L);
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
        pipeline.send(chunk("a", 2, "corrupt"));
        pipeline.send(part("a", 3, 0, 2, "leak "));
        pipeline.send(part("a", 3, 1, 2, "30"));

        pipeline.send(chunk("a", 1, "leak 1"));

        assertThat(pipeline.leaked()).containsExactly(1L, 31L);
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
        pipeline.send(chunk("a", 2, "leak 2"));
        pipeline.send(chunk("b", 1, "leak 1"));
        look(50);
        assertThat(pipeline.leaked()).containsExactly(1L);

        look(10);

        assertThat(pipeline.leaked()).containsExactly(2L);
        assertThat(pipeline.counters.evictedWaits.sum()).isEqualTo(1);
        assertNothingIsHeld();
    }

    @Test
    void timeAtWhichNobodyLookedIsNoWaiting() {
        pipeline.send(chunk("a", 2, "leak 2"));
        look(50);

        pipeline.pass(Duration.ofMinutes(10));
        pipeline.send(chunk("a", 1, "leak 1"));

        assertThat(pipeline.leaked()).containsExactly(1L, 3L);
        assertThat(pipeline.counters.evictedWaits.sum()).isZero();
    }

    private void look(int seconds) {
        for (int i = 0; i < seconds; i++) {
            pipeline.pass(Duration.ofSeconds(1));
        }
    }

    @Test
    void theEndOfTheInputLetsEverythingGo() {
        pipeline.send(chunk("a", 2, "leak 2"));
        pipeline.send(part("a", 4, 0, 2, "leak "));
        pipeline.send(chunk("b", 3, "leak 3"));

        pipeline.counters.holds.ask();
        pipeline.pass(Duration.ofMillis(100));
        assertThat(pipeline.counters.holds.isBusy()).as("not committed yet").isTrue();
        pipeline.pass(Duration.ofMillis(100));

        assertThat(pipeline.leaked()).containsExactlyInAnyOrder(2L, 3L);
        assertThat(reasons()).containsExactly("INCOMPLETE");
        assertNothingIsHeld();
    }

    @Test
    void anInstanceThatHoldsTooMuchDoesNotWait() {
        String large = "leak 1" + " ".repeat(600_000);
        pipeline.send(chunk("a", 2, large));
        assertThat(pipeline.leaked()).isEmpty();

        pipeline.send(chunk("a", 4, large));

        assertThat(pipeline.leaked()).containsExactly(1L);
        assertThat(pipeline.counters.evictedWaits.sum()).isEqualTo(1);
        pipeline.send(chunk("a", 3, "leak 5"));
        assertThat(pipeline.leaked()).as("the rest waits on").containsExactly(6L, 7L);
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
        pipeline.send(chunk("a", 2, "leak 2"));
        pipeline.pass(Duration.ofHours(2));

        assertThat(pipeline.counters.evictedInstances.sum()).isEqualTo(1);
        pipeline.pass(Duration.ofSeconds(1));
        assertNothingIsHeld();
        pipeline.send(chunk("a", 1, "leak 1"));
        assertThat(pipeline.leaked()).containsExactly(1L);
    }

    @Test
    void anOrderThatCannotBeReadIsDiscarded() {
        pipeline.send(chunk("a", 1, "leak 1"));
        pipeline.driver
                .<String, byte[]>getKeyValueStore(InstanceProcessor.ORDERS)
                .put(key("a") + "/open", new byte[] {99});

        pipeline.send(chunk("a", 1, "leak 4"));

        assertThat(pipeline.leaked()).containsExactly(1L, 4L);
        assertThat(pipeline.counters.discardedStates.sum()).isEqualTo(1);
    }
}
