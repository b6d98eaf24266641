package io.unpark.sink.api;

import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;

/**
 * One listener: what waits to be written to it. No thread waits for a client; whoever has something to tell, or the server when the
 * client can take more, writes what fits.
 */
final class EventStream implements WriteListener {
    private final ServletOutputStream out;
    private final int queuedMax;
    private final CompletableFuture<Void> over;
    private final Deque<byte[]> queue = new ArrayDeque<>();
    private boolean writable;
    private boolean unflushed;

    /**
     * @param out of a request that is handled asynchronously
     * @param over completed when it ends, whichever way
     */
    EventStream(ServletOutputStream out, int queuedMax, CompletableFuture<Void> over) {
        this.out = out;
        this.queuedMax = queuedMax;
        this.over = over;
    }

    /** Queues an event; a client that has not taken the last ones is cut off. */
    synchronized void offer(byte[] event) {
        if (over.isDone()) {
            return;
        }
        if (queue.size() >= queuedMax) {
            close();
            return;
        }
        queue.add(event);
        if (writable) {
            write();
        }
    }

    @Override
    public synchronized void onWritePossible() {
        writable = true;
        write();
    }

    private void write() {
        try {
            // What is not ready calls again.
            while (!over.isDone() && (writable = out.isReady())) {
                if (queue.isEmpty() && !unflushed) {
                    return;
                }
                if (queue.isEmpty()) {
                    unflushed = false;
                    out.flush();
                } else {
                    unflushed = true;
                    out.write(queue.poll());
                }
            }
        } catch (IOException | IllegalStateException e) {
            close();
        }
    }

    /** Whether it has ended. */
    boolean isOver() {
        return over.isDone();
    }

    @Override
    public void onError(Throwable e) {
        close();
    }

    /** Ends it, with what was not written yet. */
    synchronized void close() {
        queue.clear();
        over.complete(null);
    }
}
