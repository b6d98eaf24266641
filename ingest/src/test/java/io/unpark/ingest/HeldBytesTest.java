package io.unpark.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.unpark.schemas.record.Instance;
import io.unpark.schemas.record.TraceChunk;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;

class HeldBytesTest {
    private static final int MIB = 1 << 20;
    private static final int COPIES = 4;

    private final HeldBytes held = new HeldBytes(10L * COPIES * MIB);

    @Test
    void whatOnePushHoldsAnotherCannot() throws IOException {
        // Given a push that has read seven of ten
        HeldBytes.Push first = held.begin();
        read(first, 7 * MIB - 1);
        assertThat(held.taken()).isEqualTo(7L * COPIES * MIB);

        // When another one needs four, then it is told to come back, and gives back what it had
        try (HeldBytes.Push second = held.begin()) {
            assertThatThrownBy(() -> read(second, 4 * MIB))
                    .isInstanceOfSatisfying(
                            HeldBytes.FullException.class,
                            e -> assertThat(e.refusal()).isEqualTo(Refusal.TOO_MANY_PUSHES));
        }
        assertThat(held.taken()).isEqualTo(7L * COPIES * MIB);

        // When the first one is over, then there is room
        first.close();
        try (HeldBytes.Push third = held.begin()) {
            read(third, 9 * MIB);
        }
        assertThat(held.taken()).isZero();
    }

    @Test
    void anAcceptedGenerationMakesRoomForTheNext() throws IOException {
        try (HeldBytes.Push push = held.begin()) {
            ChunkSink sink = push.releasing(parts -> {});
            for (int i = 0; i < 20; i++) {
                read(push, 4 * MIB);
                sink.accept(List.of(chunk(4 * MIB)));
            }

            assertThat(held.taken()).isEqualTo(5L * COPIES * MIB);
        }
    }

    @Test
    void whatNeverFitsIsNotToldToComeBack() {
        try (HeldBytes.Push push = held.begin()) {
            assertThatThrownBy(() -> read(push, 11 * MIB))
                    .isInstanceOfSatisfying(
                            HeldBytes.FullException.class,
                            e -> assertThat(e.refusal()).isEqualTo(Refusal.TOO_LARGE));
        }
    }

    private static void read(HeldBytes.Push push, int bytes) throws IOException {
        try (InputStream in = push.counting(new ByteArrayInputStream(new byte[bytes]))) {
            while (in.read(new byte[MIB]) >= 0) {
                // on
            }
        }
    }

    private static TraceChunk chunk(int bytes) {
        return TraceChunk.newBuilder()
                .setInstance(new Instance("", "s", "i", ""))
                .setGoMinor(26)
                .setCapture("c")
                .setSequence(0)
                .setGeneration(1)
                .setPart(0)
                .setParts(1)
                .setCrc32c(0)
                .setCapturedUnixNs(1)
                .setClockErrorNs(-1)
                .setLast(false)
                .setBytes(ByteBuffer.allocate(bytes))
                .build();
    }
}
