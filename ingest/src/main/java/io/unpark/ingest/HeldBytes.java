package io.unpark.ingest;

import io.unpark.schemas.record.TraceChunk;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Bounds what all pushes together hold in memory: the generation that is being read, as often as it lies there, until the broker has
 * it. A push that would need more than is left is told to come back. Thread-safe.
 */
final class HeldBytes {
    /** The buffer it is read into, its copy, the generation before it, the records on their way. */
    private static final int COPIES = 4;

    private static final int STEP_BYTES = 1 << 20;
    private static final int MAGIC_BYTES = 6;

    private final long most;
    private final AtomicLong taken = new AtomicLong();

    /** @param most bytes of all pushes together */
    HeldBytes(long most) {
        this.most = most;
    }

    /** Pushes hold too much together, or this one alone does. */
    static final class FullException extends IOException {
        private static final long serialVersionUID = 1L;

        private final boolean alone;

        private FullException(boolean alone, String message) {
            super(message);
            this.alone = alone;
        }

        /** Too large when it would not help to come back. */
        Refusal refusal() {
            return alone ? Refusal.TOO_LARGE : Refusal.TOO_MANY_PUSHES;
        }
    }

    Push begin() {
        return new Push();
    }

    /** In use now. */
    long taken() {
        return taken.get();
    }

    /** One push; for one thread. */
    final class Push implements AutoCloseable {
        private long reserved;
        private long window;
        private long sinceAccepted;
        private long lastGeneration;

        private Push() {}

        /** The body, decompressed and counted. A window of xz counts from the beginning: the decoder has it on the heap. */
        InputStream open(InputStream body, Decompression.Limits limits) throws IOException {
            PushbackInputStream whole = new PushbackInputStream(body, MAGIC_BYTES);
            byte[] magic = whole.readNBytes(MAGIC_BYTES);
            whole.unread(magic);
            if (Decompression.isXz(magic)) {
                window = Decompression.XZ_MAX_MEMORY_BYTES;
                add(0);
            }
            return counting(Decompression.open(whole, limits));
        }

        /** Counts what is read. */
        InputStream counting(InputStream plain) {
            return new FilterInputStream(plain) {
                @Override
                public int read() throws IOException {
                    int one = in.read();
                    add(one < 0 ? 0 : 1);
                    return one;
                }

                @Override
                public int read(byte[] bytes, int offset, int length) throws IOException {
                    int n = in.read(bytes, offset, length);
                    add(Math.max(0, n));
                    return n;
                }
            };
        }

        /** The sink, after which a generation is not held any more. */
        ChunkSink releasing(ChunkSink sink) {
            return (List<TraceChunk> parts) -> {
                sink.accept(parts);
                lastGeneration =
                        parts.stream().mapToLong(it -> it.getBytes().limit()).sum();
                sinceAccepted = Math.max(0, sinceAccepted - lastGeneration);
                settle();
            };
        }

        private void add(int bytes) throws FullException {
            sinceAccepted += bytes;
            long needed = needed();
            if (needed <= reserved) {
                return;
            }
            long more = needed - reserved;
            long before = taken.getAndUpdate(now -> now + more <= most ? now + more : now);
            if (before + more > most) {
                boolean alone = needed > most;
                throw new FullException(
                        alone,
                        alone
                                ? "this push needs more memory than this collector has for pushes; give it a larger heap"
                                : "the pushes being read hold all the memory there is for them");
            }
            reserved = needed;
        }

        private void settle() {
            long surplus = reserved - needed();
            if (surplus > 0) {
                taken.addAndGet(-surplus);
                reserved -= surplus;
            }
        }

        /** In steps, so that the counter all pushes share is not touched for each read. */
        private long needed() {
            long held = Math.max(sinceAccepted, lastGeneration);
            return window + (held / STEP_BYTES + 1) * STEP_BYTES * COPIES;
        }

        @Override
        public void close() {
            taken.addAndGet(-reserved);
            reserved = 0;
        }
    }
}
