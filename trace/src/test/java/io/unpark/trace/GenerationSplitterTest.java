package io.unpark.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.unpark.testkit.TraceText;
import io.unpark.trace.TraceFormatException.Reason;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GenerationSplitterTest {

    @ParameterizedTest
    @ValueSource(ints = {22, 23, 25, 26})
    void generationsPutTogetherAreTheTrace(int goMinor) throws IOException {
        // Given
        byte[] trace = TraceText.assemble(simulated(goMinor));

        // When
        List<RawGeneration> generations = split(new Trickle(trace), TraceLimits.defaults());

        // Then
        assertThat(generations).extracting(RawGeneration::generation).containsExactly(1L, 2L, 3L);
        ByteArrayOutputStream joined = new ByteArrayOutputStream();
        joined.writeBytes(new TraceHeader(goMinor).bytes());
        generations.forEach(generation -> joined.writeBytes(bytes(generation)));
        assertThat(joined.toByteArray()).isEqualTo(trace);
    }

    @ParameterizedTest
    @ValueSource(ints = {22, 23, 25, 26})
    void everyGenerationWithTheHeaderInFrontIsATrace(int goMinor) throws IOException {
        // Given
        byte[] trace = TraceText.assemble(simulated(goMinor));
        List<RawGeneration> generations = split(new ByteArrayInputStream(trace), TraceLimits.defaults());
        GenerationDecoder decoder = new GenerationDecoder(goMinor, TraceLimits.defaults());

        for (RawGeneration generation : generations) {
            // When
            ByteArrayOutputStream alone = new ByteArrayOutputStream();
            alone.writeBytes(new TraceHeader(goMinor).bytes());
            alone.writeBytes(bytes(generation));
            Decoded read = Decoded.of(alone.toByteArray());
            StringBuilder decoded = new StringBuilder();
            decoder.decode(generation, new GoFormatPrinter(decoded));

            // Then: the reader has one more line, the last sync
            assertThat(read.failure()).isNull();
            assertThat(read.dump()).startsWith(decoded.toString());
            assertThat(read.dump().substring(decoded.length()).lines()).hasSize(1);
        }
    }

    @Test
    void decodesFromAnyKindOfBuffer() throws IOException {
        // Given
        byte[] trace = TraceText.assemble(simulated(26));
        RawGeneration generation =
                split(new ByteArrayInputStream(trace), TraceLimits.defaults()).get(1);
        byte[] bytes = bytes(generation);
        ByteBuffer direct = ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
        ByteBuffer inside = ByteBuffer.wrap(trace, trace.length - 7, 0).slice();
        byte[] padded = new byte[bytes.length + 20];
        System.arraycopy(bytes, 0, padded, 13, bytes.length);
        ByteBuffer offset = ByteBuffer.wrap(padded, 13, bytes.length);
        GenerationDecoder decoder = new GenerationDecoder(26, TraceLimits.defaults());

        // When
        List<String> dumps = new ArrayList<>();
        for (ByteBuffer buffer : List.of(generation.bytes(), direct, offset)) {
            StringBuilder dump = new StringBuilder();
            decoder.decode(buffer, new GoFormatPrinter(dump));
            dumps.add(dump.toString());
        }

        // Then
        assertThat(dumps.get(0)).isNotEmpty().isEqualTo(dumps.get(1)).isEqualTo(dumps.get(2));
        assertThat(generation.bytes().remaining()).isEqualTo(bytes.length);
        assertThat(catchThrowableOfType(
                        TraceFormatException.class, () -> decoder.decode(inside, new EventVisitor() {})))
                .isNotNull();
    }

    @Test
    void aCutTraceSaysHowMuchWasWhole() throws IOException {
        // Given
        byte[] trace = TraceText.assemble(simulated(26));
        byte[] cut = Arrays.copyOf(trace, trace.length - 5);

        try (var splitter = GenerationSplitter.open(new ByteArrayInputStream(cut))) {
            // When
            splitter.next();
            splitter.next();
            var first = catchThrowableOfType(TraceFormatException.class, splitter::next);
            var again = catchThrowableOfType(TraceFormatException.class, splitter::next);

            // Then
            assertThat(first.reason()).isEqualTo(Reason.TRUNCATED);
            assertThat(first.completeGenerations()).isEqualTo(2);
            assertThat(first.generation()).isEqualTo(3);
            assertThat(first.offset()).isEqualTo(cut.length);
            assertThat(again).isSameAs(first);
        }
    }

    @Test
    void aGenerationBeyondTheLimitIsRefused() {
        // Given
        byte[] trace = TraceText.assemble(simulated(26));
        byte[] endless = Arrays.copyOf(trace, 400_000);
        // Nothing but empty batches of generation 1.
        for (int i = TraceHeader.LENGTH; i < endless.length; i++) {
            endless[i] =
                    (byte) (i % 5 == TraceHeader.LENGTH % 5 ? 1 : new int[] {1, 0, 0, 0}[Math.floorMod(i - 17, 5)]);
        }

        // When
        var e = catchThrowableOfType(
                TraceFormatException.class,
                () -> split(
                        new ByteArrayInputStream(endless),
                        TraceLimits.defaults().withMaxGenerationBytes(100_000)));

        // Then
        assertThat(e.reason()).isEqualTo(Reason.LIMIT);
        assertThat(e.getMessage()).contains("generation 1 is larger than 100000 bytes");
    }

    private static String simulated(int goMinor) {
        Simulation simulation = new Simulation(42, 5, 3, 10);
        for (int generation = 1; generation <= 3; generation++) {
            simulation.generation(generation, 200);
        }
        return simulation.text().replace("Go1.26", "Go1." + goMinor);
    }

    private static List<RawGeneration> split(InputStream in, TraceLimits limits) throws IOException {
        List<RawGeneration> generations = new ArrayList<>();
        try (var splitter = GenerationSplitter.open(in, limits)) {
            for (RawGeneration next = splitter.next(); next != null; next = splitter.next()) {
                generations.add(next);
            }
        }
        return generations;
    }

    private static byte[] bytes(RawGeneration generation) {
        byte[] bytes = new byte[generation.bytes().remaining()];
        generation.bytes().duplicate().get(bytes);
        return bytes;
    }

    /** Gives one to seven bytes at a time, as a slow network does. */
    private static final class Trickle extends InputStream {
        private final ByteArrayInputStream in;
        private int next;

        Trickle(byte[] bytes) {
            in = new ByteArrayInputStream(bytes);
        }

        @Override
        public int read() {
            return in.read();
        }

        @Override
        public int read(byte[] to, int offset, int length) {
            next = next % 7 + 1;
            return in.read(to, offset, Math.min(length, next));
        }
    }
}
