package io.unpark.trace;

import io.unpark.trace.BlockQueue.Abandoned;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;

/**
 * A {@link GenerationDecoder} that decodes on another thread, a few thousand events ahead of the visitor, which is called on the
 * thread that asks: for visitors that have about as much to do as the decoder. Tells exactly the same. Not thread-safe.
 */
public final class AheadDecoder implements DecodesGenerations {
    /** A generation of fewer bytes is decoded sooner than another thread is awake. */
    private static final int MIN_BYTES = 128 << 10;

    /** Each ends when nothing came for a minute, and none is waited for when the process ends. */
    private static final Executor THREADS = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "unpark-decode");
        thread.setDaemon(true);
        return thread;
    });

    private final TraceLimits limits;
    private final int goMinor;
    private final Executor threads;
    private final int minBytes;
    private final BlockReader reader = new BlockReader();

    /** Two, so that the next generation is on its way while the visitor is at the end of one. */
    private final List<Slot> slots = List.of(new Slot(), new Slot());

    private GenerationDecoder onCaller;

    /**
     * Decodes on threads that all decoders of the process share, as many as work at the same time.
     *
     * @param goMinor from the trace's {@link TraceHeader}
     */
    public AheadDecoder(int goMinor, TraceLimits limits) {
        this(goMinor, limits, THREADS, MIN_BYTES);
    }

    /**
     * @param threads runs one task for each generation, at the same time as {@link #decode} waits for it: never on the
     *     thread that calls, and never behind another generation's
     * @param minBytes a generation of fewer is decoded on the thread that calls
     */
    AheadDecoder(int goMinor, TraceLimits limits, Executor threads, int minBytes) {
        this.goMinor = goMinor;
        this.limits = limits;
        this.threads = threads;
        this.minBytes = minBytes;
    }

    /** What one generation is decoded with. */
    private final class Slot {
        private GenerationDecoder decoder;
        private BlockQueue queue;
        private BlockWriter writer;

        /** What is being decoded, null when nothing is. */
        private ByteBuffer begun;

        void begin(ByteBuffer bytes) {
            if (decoder == null) {
                decoder = new GenerationDecoder(goMinor, limits);
                queue = new BlockQueue();
                writer = new BlockWriter(queue);
            }
            begun = bytes;
            queue.begin();
            threads.execute(() -> write(bytes));
        }

        private void write(ByteBuffer bytes) {
            Throwable failure = null;
            writer.begin();
            try {
                decoder.decode(bytes, writer);
            } catch (Abandoned e) {
                writer.begin();
            } catch (TraceFormatException | RuntimeException | Error e) {
                failure = e;
            }
            writer.end(failure);
        }

        /** Tells until the last block; why that is the last, or null when all was told. */
        Throwable tellAll(EventVisitor visitor) {
            boolean wanted = true;
            try {
                while (true) {
                    EventBlock block = queue.full();
                    boolean last = block.last;
                    wanted = !last;
                    Throwable failure = block.failure;
                    try {
                        reader.tell(block, visitor);
                    } finally {
                        queue.recycle(block);
                    }
                    if (last) {
                        return failure;
                    }
                }
            } finally {
                if (wanted) {
                    drain();
                }
                begun = null;
            }
        }

        /** Nobody wants the rest: the writer has to be done before there can be another generation. */
        void drain() {
            queue.abandon();
            boolean last = false;
            while (!last) {
                EventBlock block = queue.full();
                last = block.last;
                queue.recycle(block);
            }
            begun = null;
        }
    }

    /**
     * Begins with a generation that {@link #decode} will be called with later, after at most one other. The bytes must not
     * change until then. Does nothing when two are on their way.
     */
    public void prepare(ByteBuffer bytes) {
        if (bytes.remaining() >= minBytes) {
            slots.stream().filter(slot -> slot.begun == null).findFirst().ifPresent(slot -> slot.begin(bytes));
        }
    }

    /** Forgets what was prepared and not decoded. */
    public void forget() {
        slots.stream().filter(slot -> slot.begun != null).forEach(Slot::drain);
    }

    @Override
    public void decode(ByteBuffer bytes, EventVisitor visitor) throws TraceFormatException {
        if (bytes.remaining() < minBytes) {
            if (onCaller == null) {
                onCaller = new GenerationDecoder(goMinor, limits);
            }
            onCaller.decode(bytes, visitor);
            return;
        }
        rethrow(slot(bytes).tellAll(visitor));
    }

    /** The one that decodes these very bytes. */
    private Slot slot(ByteBuffer bytes) {
        for (Slot slot : slots) {
            if (slot.begun == bytes) {
                return slot;
            }
        }
        forget();
        Slot slot = slots.get(0);
        slot.begin(bytes);
        return slot;
    }

    private static void rethrow(Throwable failure) throws TraceFormatException {
        if (failure instanceof TraceFormatException e) {
            throw e;
        }
        if (failure instanceof RuntimeException e) {
            throw e;
        }
        if (failure instanceof Error e) {
            throw e;
        }
    }
}
