package io.unpark.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.unpark.schemas.record.TraceChunk;
import io.unpark.testkit.Corpus;
import io.unpark.trace.RawGeneration;
import io.unpark.trace.TraceFormatException;
import io.unpark.trace.TraceHeader;
import io.unpark.trace.TraceLimits;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

class TraceIntakeTest {
    private final List<TraceChunk> chunks = new ArrayList<>();

    @Test
    void aFileBecomesOneRecordAGeneration() throws IOException {
        // Given
        byte[] trace = SmallTraces.generations(3);
        TraceSource source = TraceSource.ofFile("orders", Optional.of("orders-1"), 42);

        // When
        IntakeProgress progress = intake(source).run(new ByteArrayInputStream(trace));

        // Then
        assertThat(progress.generations()).isEqualTo(3);
        assertThat(progress.bytes()).isEqualTo(trace.length - TraceHeader.LENGTH);
        assertThat(progress.goMinor()).isEqualTo(26);
        assertThat(chunks).extracting(TraceChunk::getSequence).containsExactly(0L, 1L, 2L);
        assertThat(chunks).extracting(TraceChunk::getGeneration).containsExactly(1L, 2L, 3L);
        assertThat(chunks).extracting(TraceChunk::getLast).containsExactly(false, false, true);
        assertThat(chunks).allSatisfy(chunk -> {
            assertThat(chunk.getCapture()).matches("[0-9a-f]{32}").isEqualTo(progress.capture());
            assertThat(chunk.getInstance().getName()).isEqualTo("orders-1");
            assertThat(chunk.getCapturedUnixNs()).isEqualTo(42);
            assertThat(chunk.getClockErrorNs()).isEqualTo(-1);
        });
        assertThat(joined(26, chunks)).isEqualTo(trace);
    }

    @Test
    void anInstanceLeftOutIsTheCapture() throws IOException {
        IntakeProgress progress =
                intake(source(Optional.empty(), OptionalLong.empty())).run(stream(SmallTraces.generations(2)));

        assertThat(progress.instance()).isEqualTo("capture-" + progress.capture());
    }

    @Test
    void theSameBytesAreTheSameCapture() throws IOException {
        String first = intake(source(Optional.empty(), OptionalLong.empty()))
                .run(stream(SmallTraces.generations(2)))
                .capture();
        String longer = intake(source(Optional.empty(), OptionalLong.empty()))
                .run(stream(SmallTraces.generations(3)))
                .capture();

        assertThat(longer).isEqualTo(first);
    }

    @Test
    void aNamedCaptureIsNumberedByItsSenderAndHasNoKnownEnd() throws IOException {
        intake(source(Optional.of("c1"), OptionalLong.of(7))).run(stream(SmallTraces.generations(2)));

        assertThat(chunks).extracting(TraceChunk::getSequence).containsExactly(7L, 8L);
        assertThat(chunks).extracting(TraceChunk::getLast).containsOnly(false);
        assertThat(chunks).extracting(TraceChunk::getCapture).containsOnly("c1");
    }

    @Test
    void aNamedCaptureWithoutNumbersIsNumberedByItsGenerations() throws IOException {
        intake(source(Optional.of("c1"), OptionalLong.empty())).run(stream(SmallTraces.generations(2)));

        assertThat(chunks).extracting(TraceChunk::getSequence).containsExactly(1L, 2L);
    }

    @Test
    void generationsBeforeACutAreTaken() {
        TraceIntake intake = intake(source(Optional.empty(), OptionalLong.empty()));

        assertThatThrownBy(() -> intake.run(stream(SmallTraces.cut(SmallTraces.generations(3), 10))))
                .isInstanceOf(TraceFormatException.class)
                .satisfies(e -> assertThat(((TraceFormatException) e).reason())
                        .isEqualTo(TraceFormatException.Reason.TRUNCATED));
        assertThat(intake.progress().generations()).isEqualTo(2);
        assertThat(chunks).extracting(TraceChunk::getLast).containsExactly(false, false);
    }

    @Test
    void aFailingSinkSaysHowManyGenerationsItTook() {
        TraceIntake intake =
                new TraceIntake(source(Optional.empty(), OptionalLong.empty()), TraceLimits.defaults(), this::takeTwo);

        assertThatThrownBy(() -> intake.run(stream(SmallTraces.generations(5))))
                .isInstanceOf(BrokerException.class)
                .satisfies(e -> assertThat(((BrokerException) e).acknowledged()).isEqualTo(2));
    }

    @Test
    void aLargeGenerationIsSplitIntoParts() {
        // Given
        byte[] bytes = new byte[2_500];
        new Random(1).nextBytes(bytes);
        ChunkMaker maker = new ChunkMaker(source(Optional.empty(), OptionalLong.empty()), new TraceHeader(22), 1_000);

        // When
        List<TraceChunk> parts = maker.parts(new RawGeneration(9, ByteBuffer.wrap(bytes)), true, 1);

        // Then
        assertThat(parts).extracting(part -> part.getBytes().remaining()).containsExactly(1_000, 1_000, 500);
        assertThat(parts).extracting(TraceChunk::getPart).containsExactly(0, 1, 2);
        assertThat(parts).extracting(TraceChunk::getParts).containsOnly(3);
        assertThat(parts).allSatisfy(part -> assertThat(part.getCrc32c()).isEqualTo(crc(part.getBytes())));
        assertThat(joined(22, parts)).endsWith(bytes);
    }

    @Test
    void recordedTracesAreTakenWhole() throws IOException {
        if (Corpus.folder().isEmpty()) {
            System.out.println("skipped: " + Corpus.ABSENT);
        }
        Assumptions.assumeTrue(Corpus.folder().isPresent(), Corpus.ABSENT);
        for (Path file : Corpus.traces()) {
            chunks.clear();
            TraceSource source = TraceSource.ofFile("orders", Optional.empty(), 1);
            try (InputStream in = Decompression.open(Files.newInputStream(file), Decompression.Limits.DEFAULT)) {
                intake(source).run(in);
            }
            byte[] joined = joined(chunks.get(0).getGoMinor(), chunks);
            assertThat(joined).as(file.toString()).isEqualTo(Corpus.read(file));
            assertThat(chunks.get(chunks.size() - 1).getLast()).isTrue();
        }
    }

    private void takeTwo(List<TraceChunk> parts) throws BrokerException {
        if (chunks.size() == 2) {
            throw new BrokerException(true, 0, "away", null);
        }
        chunks.addAll(parts);
    }

    private TraceIntake intake(TraceSource source) {
        return new TraceIntake(source, TraceLimits.defaults(), chunks::addAll);
    }

    private static TraceSource source(Optional<String> capture, OptionalLong sequence) {
        return new TraceSource("", "orders", Optional.empty(), "", capture, sequence, () -> 1, -1);
    }

    private static ByteArrayInputStream stream(byte[] bytes) {
        return new ByteArrayInputStream(bytes);
    }

    private static int crc(ByteBuffer bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes.duplicate());
        return (int) crc.getValue();
    }

    private static byte[] joined(int goMinor, List<TraceChunk> parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(new TraceHeader(goMinor).bytes());
        for (TraceChunk part : parts) {
            byte[] bytes = new byte[part.getBytes().remaining()];
            part.getBytes().duplicate().get(bytes);
            out.writeBytes(bytes);
        }
        return out.toByteArray();
    }
}
