package io.unpark.trace;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;

/** Blocks on their way from the thread that decodes to the one that takes them, and back: a few, so that neither runs away. */
final class BlockQueue {
    private static final int BLOCKS = 4;

    /** Nobody wants the rest. */
    static final class Abandoned extends RuntimeException {
        private static final long serialVersionUID = 1;

        Abandoned() {
            super("nobody takes the events any more", null, false, false);
        }
    }

    private final BlockingQueue<EventBlock> free = new ArrayBlockingQueue<>(BLOCKS);
    private final BlockingQueue<EventBlock> full = new ArrayBlockingQueue<>(BLOCKS);
    private volatile boolean abandoned;

    BlockQueue() {
        for (int i = 0; i < BLOCKS; i++) {
            free.add(new EventBlock());
        }
    }

    void begin() {
        abandoned = false;
    }

    /** The writer is to stop at its next block. */
    void abandon() {
        abandoned = true;
    }

    /** An empty block for the writer. */
    EventBlock free() {
        EventBlock block = take(free);
        block.clear();
        return block;
    }

    /** The writer is done with a block. */
    void handOn(EventBlock block) {
        boolean wanted = block.last || !abandoned;
        (wanted ? full : free).add(block);
        if (!wanted) {
            throw new Abandoned();
        }
    }

    /** The next full block for the reader. */
    EventBlock full() {
        return take(full);
    }

    /** The reader is done with a block. */
    void recycle(EventBlock block) {
        free.add(block);
    }

    /** An interrupt does not end the wait, as the other side is at work; it is kept for whoever asks. */
    private static EventBlock take(BlockingQueue<EventBlock> queue) {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return queue.take();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
