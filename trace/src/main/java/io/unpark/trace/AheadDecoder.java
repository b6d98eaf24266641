package io.unpark.trace;

import io.unpark.trace.BlockQueue.Abandoned;
import java.nio.ByteBuffer;
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

    private final GenerationDecoder decoder;
    private final Executor threads;
    private final int minBytes;
    private final BlockReader reader = new BlockReader();
    private BlockQueue queue;
    private BlockWriter writer;

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
        this.minBytes = minBytes;
        this.decoder = new GenerationDecoder(goMinor, limits);
        this.threads = threads;
    }

    @Override
    public void decode(ByteBuffer bytes, EventVisitor visitor) throws TraceFormatException {
        if (bytes.remaining() < minBytes) {
            decoder.decode(bytes, visitor);
            return;
        }
        if (queue == null) {
            queue = new BlockQueue();
            writer = new BlockWriter(queue);
        }
        queue.begin();
        threads.execute(() -> write(bytes));
        rethrow(tellAll(visitor));
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
    private Throwable tellAll(EventVisitor visitor) {
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
        }
    }

    /** The visitor threw: the writer has to be done before there can be another generation. */
    private void drain() {
        queue.abandon();
        boolean last = false;
        while (!last) {
            EventBlock block = queue.full();
            last = block.last;
            queue.recycle(block);
        }
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
