package io.unpark.app.process;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Keeps a process serving until it is told to end, and lets it close everything before it does. */
public final class Serving implements AutoCloseable {
    private final CountDownLatch asked = new CountDownLatch(1);
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread hook = new Thread(this::onSignal, "unpark-shutdown");

    private Serving() {}

    /** From now on Ctrl-C waits for {@link #close}. */
    public static Serving begin() {
        Serving serving = new Serving();
        Runtime.getRuntime().addShutdownHook(serving.hook);
        return serving;
    }

    private void onSignal() {
        asked.countDown();
        try {
            closed.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Returns when somebody asked this process to end. */
    public void awaitSignal() throws InterruptedException {
        asked.await();
    }

    /** As {@link #awaitSignal()}; false when the time is over first. */
    public boolean awaitSignal(Duration atMost) throws InterruptedException {
        return asked.await(atMost.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Whether somebody asked this process to end. */
    public boolean isAsked() {
        return asked.getCount() == 0;
    }

    /** Everything is closed; the process may end. */
    @Override
    public void close() {
        closed.countDown();
    }
}
