package io.unpark.streams;

import static io.unpark.streams.Records.chunk;
import static io.unpark.streams.Records.key;
import static io.unpark.streams.Records.part;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.unpark.analysis.order.ArrivalOrder;
import io.unpark.schemas.Topics;
import io.unpark.schemas.record.Finding;
import io.unpark.schemas.record.TraceChunk;
import io.unpark.schemas.registry.RegistryUnavailableException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InstanceTopologyTest {
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

    @Test
    void aGenerationGoesToEveryTopicUnderItsKey() {
        pipeline.send(chunk("a", 1, "leak 3"));

        var findings = pipeline.readRecords(Topics.FINDINGS);
        assertThat(findings).hasSize(1);
        assertThat(findings.get(0).key()).isEqualTo(Records.leak("a", 1, 3).anomalyId());
        assertThat(findings.get(0).timestamp()).isEqualTo(Pipeline.NOW.toEpochMilli());
        assertThat(FindingMapper.toDomain(findings.get(0).value())).isEqualTo(Records.leak("a", 1, 3));
        assertThat(pipeline.readRecords(Topics.REQUEST_SEGMENTS))
                .extracting("key")
                .containsExactly("trace-1");
        assertThat(pipeline.readRecords(Topics.RUNTIME_WINDOWS))
                .extracting("key")
                .containsExactly(key("a"));
        assertThat(pipeline.readRecords(Topics.ROUTE_WINDOWS)).extracting("key").containsExactly(key("a"));
        assertThat(pipeline.readRecords(Topics.PROFILES)).extracting("key").containsExactly(key("a"));
        assertThat(pipeline.read(Topics.ANOMALIES)).extracting("count").containsExactly(3L);
    }

    @Test
    void aDuplicateGivesNothing() {
        pipeline.send(chunk("a", 1, "leak 3"));
        pipeline.send(chunk("a", 1, "leak 3"));

        assertThat(pipeline.leaked()).containsExactly(3L);
        assertThat(pipeline.counters.duplicateGenerations.sum()).isEqualTo(1);
    }

    @Test
    void aBrokenGenerationCostsItselfOnly() {
        pipeline.send(chunk("a", 1, "leak 3"));
        pipeline.send(chunk("a", 2, "corrupt"));
        pipeline.send(chunk("a", 3, "bug"));
        pipeline.send(chunk("a", 4, "leak 2"));

        assertThat(pipeline.leaked())
                .as("the state is as before the broken ones")
                .containsExactly(3L, 5L);
        var letters = pipeline.letters(Topics.TRACE_CHUNKS_DLQ);
        assertThat(letters).hasSize(2);
        assertThat(Pipeline.header(letters.get(0), DeadLetters.MESSAGE))
                .contains("generation 2 of capture c1")
                .contains("expected a batch");
        assertThat(Pipeline.header(letters.get(0), DeadLetters.TOPIC)).isEqualTo("test-go-trace-chunks");
        assertThat(Pipeline.header(letters.get(0), DeadLetters.OFFSET)).isEqualTo("1");
        assertThat(Pipeline.header(letters.get(0), DeadLetters.EXCEPTION)).endsWith("RefusedInputException");
        assertThat(Pipeline.header(letters.get(0), DeadLetters.REASON)).isEqualTo("CORRUPT");
        assertThat(new String(letters.get(0).key(), UTF_8)).isEqualTo(key("a"));
        assertThat(new String(letters.get(0).value(), UTF_8)).contains("corrupt");
        assertThat(Pipeline.header(letters.get(1), DeadLetters.MESSAGE)).contains("a defect");
    }

    @Test
    void whatCannotBeAChunkIsRefused() {
        TraceChunk flipped = chunk("a", 1, 0, 1, 1, ByteBuffer.wrap("leak 3".getBytes(UTF_8)));
        TraceChunk partBeyond = part("a", 1, 2, 2, "leak 3");
        TraceChunk tooManyParts = part("a", 1, 0, ArrivalOrder.MAX_PARTS + 1, "leak 3");

        pipeline.send(flipped);
        pipeline.send(partBeyond);
        pipeline.send(tooManyParts);
        pipeline.send(Topics.TRACE_CHUNKS, key("b"), chunk("a", 1, "leak 3"));
        pipeline.sendRaw(Topics.TRACE_CHUNKS, key("a"), null);
        pipeline.sendRaw(Topics.TRACE_CHUNKS, key("a"), "not Avro".getBytes(UTF_8));
        pipeline.sendRaw(Topics.TRACE_CHUNKS, key("a"), new byte[] {0, 0, 0, 0x7f, 1, 2});

        assertThat(pipeline.letters(Topics.TRACE_CHUNKS_DLQ))
                .extracting(letter -> Pipeline.header(letter, DeadLetters.MESSAGE))
                .satisfiesExactly(
                        m -> assertThat(m).contains("checksum"),
                        m -> assertThat(m).contains("part 2 of 2"),
                        m -> assertThat(m).contains("65 parts"),
                        m -> assertThat(m).contains("is not that of its instance"),
                        m -> assertThat(m).contains("without a value"),
                        m -> assertThat(m).isNotEmpty(),
                        m -> assertThat(m).contains("no schema with id"));
        assertThat(pipeline.leaked()).isEmpty();
        assertThat(pipeline.counters.deadLetters.sum()).isEqualTo(7);
    }

    @Test
    void aRegistryThatIsAwayIsNotTheRecordsFault() {
        byte[] unseen = pipeline.serdes
                .value(Topics.TRACE_CHUNKS)
                .serializer()
                .serialize("test-go-trace-chunks", chunk("a", 1, "leak 3"));
        pipeline.registry.away(true);

        assertThatThrownBy(() -> pipeline.sendRaw(Topics.TRACE_CHUNKS, key("a"), unseen))
                .hasRootCauseInstanceOf(RegistryUnavailableException.class)
                .matches(Failures::isRetriable);

        assertThat(pipeline.counters.deadLetters.sum()).isZero();
    }

    @Test
    void partsAreJoinedInAnyOrder() {
        pipeline.send(part("a", 1, 2, 3, "5"));
        pipeline.send(part("a", 1, 0, 3, "le"));
        pipeline.send(part("a", 1, 0, 3, "le"));
        assertThat(pipeline.leaked()).isEmpty();

        pipeline.send(part("a", 1, 1, 3, "ak "));

        assertThat(pipeline.leaked()).containsExactly(5L);
    }

    @Test
    void generationsOfPartsMayInterleave() {
        pipeline.send(part("a", 1, 0, 2, "leak "));
        pipeline.send(part("a", 2, 0, 2, "leak "));
        pipeline.send(part("a", 1, 1, 2, "1"));
        pipeline.send(part("a", 2, 1, 2, "2"));

        assertThat(pipeline.leaked()).containsExactly(1L, 3L);
    }

    @Test
    void aBrokenGenerationOfPartsIsRefusedWhole() {
        pipeline.send(part("a", 1, 0, 2, "cor"));
        pipeline.send(part("a", 1, 1, 2, "rupt"));
        pipeline.send(part("a", 1, 0, 2, "leak "));
        pipeline.send(part("a", 1, 1, 2, "4"));

        var letters = pipeline.letters(Topics.TRACE_CHUNKS_DLQ);
        assertThat(letters)
                .extracting(letter -> readChunk(letter.value()).getPart())
                .containsExactly(0, 1);
        assertThat(pipeline.leaked()).as("nothing of it was held").containsExactly(4L);
    }

    private TraceChunk readChunk(byte[] value) {
        return pipeline.serdes.value(Topics.TRACE_CHUNKS).deserializer().deserialize("", value);
    }

    @Test
    void aGenerationWhosePartsDoNotComeIsGivenUpWithinTheBound() {
        for (int generation = 1; generation <= 10; generation++) {
            pipeline.send(part("a", generation, 0, 2, "leak "));
        }

        pipeline.send(part("a", 1, 1, 2, "1"));
        pipeline.send(part("a", 2, 1, 2, "5"));

        assertThat(pipeline.counters.incompleteGenerations.sum()).isEqualTo(1);
        assertThat(pipeline.leaked()).containsExactly(5L);
        assertThat(pipeline.letters(Topics.TRACE_CHUNKS_DLQ))
                .extracting(letter -> Pipeline.header(letter, DeadLetters.REASON))
                .as("what was held of it, and the part that came too late")
                .containsExactly(ChunkLetters.INCOMPLETE, ChunkLetters.LATE);
    }

    @Test
    void aCorrelatorThatIsNotOnTheHeapIsRestoredFromItsPages() {
        pipeline.close();
        StreamsLimits oneOnHeap = new StreamsLimits(
                1,
                Duration.ofHours(1),
                Duration.ofMinutes(10),
                100,
                Duration.ofDays(3),
                Duration.ofSeconds(30),
                1000,
                Duration.ofMinutes(1),
                1 << 20);
        pipeline = new Pipeline(stateDir.resolve("bounded"), oneOnHeap);

        for (int generation = 1; generation <= 3; generation++) {
            pipeline.send(chunk("a", generation, "leak 1"));
            pipeline.send(chunk("b", generation, "leak 10"));
        }

        assertThat(pipeline.leaked()).containsExactly(1L, 10L, 2L, 20L, 3L, 30L);
    }

    @Test
    void stateThatCannotBeReadIsDiscarded() {
        pipeline.driver
                .<String, byte[]>getKeyValueStore(InstanceProcessor.PAGES)
                .put(key("a") + "/0/leaked/0", "of another version".getBytes(UTF_8));

        pipeline.send(chunk("a", 1, "leak 2"));
        pipeline.send(chunk("a", 2, "leak 2"));

        assertThat(pipeline.leaked()).containsExactly(2L, 4L);
        assertThat(pipeline.counters.discardedStates.sum()).isEqualTo(1);
        assertThat(pipeline.counters.deadLetters.sum()).isZero();
    }

    @Test
    void anInstanceThatIsSilentForLongIsForgotten() {
        pipeline.send(chunk("a", 1, "leak 0"));
        pipeline.send(chunk("a", 2, "leak 1"));
        pipeline.pass(Duration.ofMinutes(50));
        pipeline.send(chunk("b", 1, "leak 1"));
        pipeline.send(part("a", 3, 0, 2, "leak "));
        pipeline.pass(Duration.ofMinutes(50));
        assertThat(pipeline.counters.evictedInstances.sum()).isZero();

        pipeline.pass(Duration.ofMinutes(20));

        assertThat(pipeline.counters.evictedInstances.sum()).isEqualTo(2);
        pipeline.read(Topics.FINDINGS);
        pipeline.send(chunk("a", 1, "leak 1"));
        assertThat(pipeline.leaked()).as("nothing is known of generation 2").containsExactly(1L);
        assertThat(pipeline.driver.getKeyValueStore(InstanceProcessor.HELD).approximateNumEntries())
                .isZero();
    }

    @Test
    void aRaceReportGivesItsFindingHoweverOftenItComes() {
        pipeline.send(Topics.RACE_REPORTS, key("a"), Records.race("a", "r1"));
        pipeline.send(Topics.RACE_REPORTS, key("a"), Records.race("a", "r1"));
        pipeline.send(Topics.RACE_REPORTS, key("b"), Records.race("b", "r2"));

        var findings = pipeline.read(Topics.FINDINGS);
        assertThat(findings).extracting(Finding::getKind).containsOnly("data_race");
        assertThat(findings.get(0).getFindingId()).isEqualTo(findings.get(1).getFindingId());
        assertThat(pipeline.read(Topics.ANOMALIES)).extracting("count").containsExactly(1L, 2L);
    }

    @Test
    void aRaceReportThatIsNoneIsRefused() {
        pipeline.sendRaw(Topics.RACE_REPORTS, key("a"), null);
        pipeline.sendRaw(Topics.RACE_REPORTS, key("a"), new byte[] {1});

        assertThat(pipeline.letters(Topics.RACE_REPORTS_DLQ)).hasSize(2);
    }
}
