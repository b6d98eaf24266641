package io.unpark.trace;

import static org.assertj.core.api.Assertions.assertThat;

import io.unpark.testkit.TraceText;
import io.unpark.trace.TraceFormatException.Reason;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever bytes come in: events, or one {@link TraceFormatException}, and little memory. */
class BrokenInputTest {
    private static final int FLIPS = 6_000;
    private static final long MAX_BYTES_PER_DECODE = 32L << 20;

    @ParameterizedTest
    @ValueSource(strings = {"go126_user_annotations", "go126_ranges_and_metrics", "go126_syscalls_and_steals"})
    void aTraceCutAnywhereTellsItsWholeGenerations(String name) throws IOException {
        // Given
        Golden golden = Golden.of(name);
        List<String> whole = SameEvents.events(golden.events());
        for (int length = 1; length < golden.trace().length; length++) {
            // When
            Decoded cut = decode(Arrays.copyOf(golden.trace(), length));

            // Then
            List<String> told = withoutLastSync(cut.dump());
            assertThat(told).isEqualTo(whole.subList(0, told.size()));
            if (cut.failure() != null) {
                assertThat(cut.failure().reason()).isEqualTo(Reason.TRUNCATED);
                assertThat(cut.failure().offset()).isLessThanOrEqualTo(length);
                assertThat(told.isEmpty()).isEqualTo(cut.failure().completeGenerations() == 0);
            } else {
                // Cut right behind a generation's end marker: nothing shows.
                assertThat(golden.trace()[length - 1]).isEqualTo((byte) WireEvent.END_OF_GENERATION.code);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"go122_ends_with_next_generation", "go125_clock_snapshot"})
    void anOlderTraceCutInALaterGenerationTellsTheEarlierOnes(String name) throws IOException {
        // Given
        Golden golden = Golden.of(name);
        List<String> whole = SameEvents.events(golden.events());
        int second = secondGeneration(golden.trace());
        int eventsOfFirst =
                SameEvents.events(decode(Arrays.copyOf(golden.trace(), second)).dump())
                                .size()
                        - 1;
        for (int length = 1; length < golden.trace().length; length++) {
            // When
            Decoded cut = decode(Arrays.copyOf(golden.trace(), length));

            // Then
            if (length != second) {
                assertThat(cut.failure()).as("cut at %d", length).isNotNull();
            }
            if (length > second) {
                assertThat(withoutLastSync(cut.dump()).subList(0, eventsOfFirst))
                        .isEqualTo(whole.subList(0, eventsOfFirst));
                assertThat(cut.failure().completeGenerations()).isEqualTo(1);
            }
        }
    }

    @Test
    void theEndMarkerOfGo126IsAnErrorBefore() throws IOException {
        // Given: Go's reader refuses it as well, but without the events of this generation
        String text = "Trace Go1.25\nGeneration 1\nM 1 at 100\n+1 ProcStatus p=0 pstatus=running\n"
                + "EventBatch gen=1 m=1 time=200 size=1\nHex 34\n";

        // When
        Decoded decoded = decode(TraceText.assemble(text));

        // Then
        assertThat(decoded.failure().reason()).isEqualTo(Reason.CORRUPT);
        assertThat(decoded.failure().getMessage()).contains("expected a timed event, found EndOfGeneration");
        assertThat(withoutLastSync(decoded.dump())).hasSize(2);
    }

    @Test
    void flippedBitsNeverEscapeAsAnythingElse() throws IOException {
        // Given
        Random random = new Random(20261123);
        List<Golden> goldens = Golden.all();
        for (int i = 0; i < FLIPS; i++) {
            byte[] trace = goldens.get(i % goldens.size()).trace().clone();
            for (int flips = random.nextInt(4); flips >= 0; flips--) {
                trace[random.nextInt(trace.length)] ^= (byte) (1 << random.nextInt(8));
            }

            // When
            long before = allocatedBytes();
            Decoded decoded = decode(trace);
            long allocated = allocatedBytes() - before;

            // Then
            assertThat(decoded).isNotNull();
            assertThat(allocated).as("flip %d", i).isLessThan(MAX_BYTES_PER_DECODE);
        }
    }

    @Test
    void claimsOfHugeTablesAllocateNothing() throws IOException {
        // Given: a string table whose id, and a batch whose size, are as large as 64 bits allow
        byte[] hugeSize = hex("01 01 01 01 ff ff ff ff ff ff ff ff ff 01");
        byte[] hugeString = hex("01 01 01 01 0d 04 05 01 ff ff ff ff ff ff ff ff ff 01");
        for (byte[] bytes : List.of(hugeSize, hugeString)) {
            // When
            long before = allocatedBytes();
            Decoded decoded = decode(concat(new TraceHeader(26).bytes(), bytes));
            long allocated = allocatedBytes() - before;

            // Then
            assertThat(decoded.failure()).isNotNull();
            assertThat(allocated).isLessThan(1L << 20);
        }
    }

    private static Decoded decode(byte[] trace) throws IOException {
        return Decoded.of(trace, TraceLimits.defaults(), ZoneOffset.UTC);
    }

    private static int secondGeneration(byte[] trace) throws IOException {
        try (var splitter = GenerationSplitter.open(new ByteArrayInputStream(trace))) {
            return TraceHeader.LENGTH + splitter.next().bytes().remaining();
        }
    }

    /** The reader ends with a sync, also before it throws. */
    private static List<String> withoutLastSync(String dump) {
        List<String> events = SameEvents.events(dump);
        boolean sync = !events.isEmpty() && events.get(events.size() - 1).contains(" Sync ");
        return sync ? events.subList(0, events.size() - 1) : events;
    }

    private static long allocatedBytes() {
        var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        return threads.getCurrentThreadAllocatedBytes();
    }

    private static byte[] hex(String text) {
        String[] words = text.split(" ");
        byte[] bytes = new byte[words.length];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) Integer.parseInt(words[i], 16);
        }
        return bytes;
    }

    private static byte[] concat(byte[] a, byte[] b) {
        byte[] both = Arrays.copyOf(a, a.length + b.length);
        System.arraycopy(b, 0, both, a.length, b.length);
        return both;
    }
}
