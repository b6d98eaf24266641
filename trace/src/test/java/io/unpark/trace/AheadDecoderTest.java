package io.unpark.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.unpark.testkit.Corpus;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is decoded on another thread is told as if it were not: the same calls, the same contexts, the same faults. */
class AheadDecoderTest {
    private static final ExecutorService THREADS = Executors.newCachedThreadPool();

    @AfterAll
    static void end() {
        THREADS.shutdown();
    }

    /** All calls a visitor gets, summed up. */
    private static final class Calls {
        private long calls;
        private long sum;
        private long failAt = -1;

        final EventVisitor visitor = (EventVisitor) Proxy.newProxyInstance(
                Calls.class.getClassLoader(), new Class<?>[] {EventVisitor.class}, (proxy, method, args) -> {
                    if (calls == failAt) {
                        throw new IllegalStateException("enough");
                    }
                    calls++;
                    sum = 31 * sum + method.getName().hashCode();
                    for (Object arg : args) {
                        sum = 31 * sum + text(arg).hashCode();
                    }
                    return null;
                });

        private static String text(Object arg) {
            if (arg instanceof EventContext at) {
                return at.timeNs() + " " + at.m() + " " + at.p() + " " + at.g() + " " + at.stack();
            }
            if (arg instanceof GenerationTables tables) {
                return tables.generation() + " " + tables.string(1) + " " + tables.frameCount(1);
            }
            return arg instanceof long[] ? "" : String.valueOf(arg);
        }

        @Override
        public String toString() {
            return calls + " calls, " + sum;
        }
    }

    private static AheadDecoder ahead(int goMinor) {
        return new AheadDecoder(goMinor, TraceLimits.defaults(), THREADS, 0);
    }

    private static int minorOf(Path trace) throws IOException {
        try (InputStream in = Corpus.open(trace)) {
            return GenerationSplitter.open(in).header().goMinor();
        }
    }

    private static List<ByteBuffer> generations(Path trace) throws IOException {
        List<ByteBuffer> generations = new ArrayList<>();
        try (InputStream in = Corpus.open(trace)) {
            GenerationSplitter splitter = GenerationSplitter.open(in);
            for (RawGeneration it = splitter.next(); it != null; it = splitter.next()) {
                generations.add(it.bytes());
            }
        }
        return generations;
    }

    /** The demo's recording with most in it. */
    private static Path large() throws IOException {
        return Corpus.demoTraces().stream()
                .filter(it -> it.endsWith("faulty/gateway.trace.xz"))
                .findFirst()
                .orElse(Corpus.demoTraces().get(0));
    }

    @Test
    void tellsWhatTheDecoderTells() throws IOException {
        for (Path trace : Corpus.demoTraces()) {
            // Given
            int goMinor = minorOf(trace);
            GenerationDecoder plain = new GenerationDecoder(goMinor, TraceLimits.defaults());
            AheadDecoder ahead = ahead(goMinor);
            Calls expected = new Calls();
            Calls told = new Calls();
            // When
            for (ByteBuffer generation : generations(trace)) {
                plain.decode(generation, expected.visitor);
                ahead.decode(generation, told.visitor);
            }
            // Then
            assertThat(told).as(trace.toString()).hasToString(expected.toString());
            assertThat(told.calls).isPositive();
        }
    }

    /** The next one begins on another thread as soon as the last one is told, before its thread has ended. */
    @Test
    @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void smallGenerationsFollowEachOtherAtOnce() throws IOException {
        // Given the shortest generation there is
        ByteBuffer generation = generations(large()).stream()
                .min(Comparator.comparingInt(ByteBuffer::remaining))
                .orElseThrow();
        AheadDecoder ahead = ahead(minorOf(large()));
        EventVisitor visitor = new EventVisitor() {};
        // When, then each is told to its end
        for (int i = 0; i < 3_000; i++) {
            ahead.decode(generation.duplicate(), visitor);
        }
    }

    @Test
    void aBrokenGenerationIsToldAsFarAndRefusedTheSameWay() throws IOException {
        // Given
        ByteBuffer whole = generations(large()).get(0);
        int goMinor = minorOf(large());
        AheadDecoder ahead = ahead(goMinor);
        for (int i = 1; i < 12; i++) {
            byte[] broken = new byte[whole.remaining()];
            whole.duplicate().get(broken);
            broken[(int) ((long) broken.length * i / 12)] ^= 0x55;
            Calls expected = new Calls();
            Calls told = new Calls();
            GenerationDecoder plain = new GenerationDecoder(goMinor, TraceLimits.defaults());
            Throwable fault = catchThrowable(() -> plain.decode(ByteBuffer.wrap(broken), expected.visitor));
            // When
            Throwable same = catchThrowable(() -> ahead.decode(ByteBuffer.wrap(broken), told.visitor));
            // Then
            assertThat(told).hasToString(expected.toString());
            assertThat(String.valueOf(same)).isEqualTo(String.valueOf(fault));
        }
    }

    @Test
    void aVisitorThatThrowsEndsItAndTheNextGenerationIsToldWhole() throws IOException {
        // Given
        ByteBuffer generation = generations(large()).get(0);
        int goMinor = minorOf(large());
        AheadDecoder ahead = ahead(goMinor);
        Calls expected = new Calls();
        new GenerationDecoder(goMinor, TraceLimits.defaults()).decode(generation, expected.visitor);
        for (long failAt : new long[] {0, 1, 10_000, expected.calls - 1}) {
            Calls failing = new Calls();
            failing.failAt = Math.min(failAt, expected.calls - 1);
            // When
            assertThatThrownBy(() -> ahead.decode(generation, failing.visitor)).hasMessage("enough");
            // Then
            Calls told = new Calls();
            ahead.decode(generation, told.visitor);
            assertThat(told).hasToString(expected.toString());
        }
    }

    @Test
    void anInterruptIsKeptAndChangesNothing() throws IOException {
        // Given
        ByteBuffer generation = generations(large()).get(0);
        Calls expected = new Calls();
        new GenerationDecoder(minorOf(large()), TraceLimits.defaults()).decode(generation, expected.visitor);
        Calls told = new Calls();
        // When
        Thread.currentThread().interrupt();
        ahead(minorOf(large())).decode(generation, told.visitor);
        // Then
        assertThat(Thread.interrupted()).isTrue();
        assertThat(told).hasToString(expected.toString());
    }
}
