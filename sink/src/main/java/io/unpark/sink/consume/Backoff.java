package io.unpark.sink.consume;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Waits between attempts, longer each time, and ends at once when its owner closes. */
final class Backoff {
    private static final long FIRST_MS = 100;
    private static final long LONGEST_MS = 5_000;

    private final CountDownLatch closed;
    private long nextMs = FIRST_MS;

    Backoff(CountDownLatch closed) {
        this.closed = closed;
    }

    void await() {
        try {
            closed.await(nextMs, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            closed.countDown();
        }
        nextMs = Math.min(LONGEST_MS, nextMs * 2);
    }

    void reset() {
        nextMs = FIRST_MS;
    }
}
