package io.unpark.trace;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.UnixOperatingSystemMXBean;
import io.unpark.trace.TraceFormatException.Reason;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A trace from a stream, a buffer or a mapped file: the same generations, and where it is cut the same refusal. */
class SourcesTest {
    /** Divides no batch evenly, so that batches and headers straddle windows. */
    private static final int SMALL_WINDOW_BYTES = 17;

    @TempDir
    Path folder;

    private enum Source {
        STREAM,
        HEAP_BUFFER,
        DIRECT_BUFFER,
        MAPPED_BUFFER,
        MAPPED_FILE,
        SMALL_WINDOWS;

        TraceReader open(Path file) throws IOException {
            byte[] bytes = Files.readAllBytes(file);
            return switch (this) {
                case STREAM -> TraceReader.open(new ByteArrayInputStream(bytes));
                case HEAP_BUFFER -> TraceReader.open(ByteBuffer.wrap(bytes).asReadOnlyBuffer());
                case DIRECT_BUFFER -> TraceReader.open(direct(bytes));
                case MAPPED_BUFFER -> TraceReader.open(mapped(file));
                case MAPPED_FILE -> TraceReader.open(file);
                case SMALL_WINDOWS -> TraceReader.open(new MappedInput(FileChannel.open(file), SMALL_WINDOW_BYTES));
            };
        }

        /** Neither at the beginning nor up to the end of its memory. */
        private static ByteBuffer direct(byte[] bytes) {
            return ByteBuffer.allocateDirect(bytes.length + 8)
                    .position(3)
                    .put(bytes)
                    .flip()
                    .position(3);
        }

        private static ByteBuffer mapped(Path file) throws IOException {
            try (FileChannel channel = FileChannel.open(file)) {
                return channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size());
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void givesTheWholeTrace(Source source) throws IOException {
        for (Golden golden : Golden.all()) {
            // Given
            Path file = Files.write(folder.resolve(golden.name()), golden.trace());

            // When
            Decoded decoded = decode(source, file);

            // Then
            Decoded expected = Decoded.of(golden.trace());
            assertThat(decoded.dump()).isEqualTo(expected.dump());
            assertThat(String.valueOf(decoded.failure())).isEqualTo(String.valueOf(expected.failure()));
        }
    }

    @ParameterizedTest
    @EnumSource
    void givesTheWholeGenerationsBeforeACut(Source source) throws IOException {
        // Given: two generations, of which the second lacks its last byte
        Golden golden = Golden.of("go126_user_annotations");
        byte[] cut = Arrays.copyOf(golden.trace(), golden.trace().length - 1);
        Path file = Files.write(folder.resolve("cut"), cut);

        // When
        Decoded decoded = decode(source, file);

        // Then
        String first = golden.events().substring(0, golden.events().indexOf("N=2") + "N=2".length());
        assertThat(decoded.dump()).startsWith(first);
        assertThat(decoded.dump().substring(first.length())).isEqualTo("\n");
        assertThat(decoded.failure().reason()).isEqualTo(Reason.TRUNCATED);
        assertThat(decoded.failure().completeGenerations()).isEqualTo(1);
        assertThat(decoded.failure().offset()).isEqualTo(cut.length);
    }

    @Test
    void aFileThatIsNoTraceIsClosedAgain() throws IOException {
        // Given
        Path file = Files.writeString(folder.resolve("page.html"), "<html>");
        refuse(file);
        long before = openFiles();

        // When
        for (int i = 0; i < 100; i++) {
            refuse(file);
        }

        // Then
        assertThat(openFiles()).isLessThan(before + 50);
    }

    private static void refuse(Path file) throws IOException {
        try (TraceReader reader = TraceReader.open(file)) {
            throw new AssertionError("read " + reader.header());
        } catch (TraceFormatException e) {
            assertThat(e.reason()).isEqualTo(Reason.NOT_A_TRACE);
        }
    }

    /** Always 0 where the system does not tell. */
    private static long openFiles() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
                ? unix.getOpenFileDescriptorCount()
                : 0;
    }

    private static Decoded decode(Source source, Path file) throws IOException {
        StringBuilder dump = new StringBuilder();
        GoFormatPrinter printer = new GoFormatPrinter(dump);
        try (TraceReader reader = source.open(file)) {
            while (reader.readGeneration(printer)) {
                continue;
            }
            return new Decoded(dump.toString(), null);
        } catch (TraceFormatException e) {
            return new Decoded(dump.toString(), e);
        }
    }
}
