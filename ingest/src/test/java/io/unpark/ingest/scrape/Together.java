package io.unpark.ingest.scrape;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Holds its first answers for a moment, and counts how many wait at once: up to their answer, because then the next may be asked for. */
final class Together implements HttpHandler {
    private static final long HOLD_MS = 300;

    private final CountDownLatch tooMany;
    private final AtomicInteger now = new AtomicInteger();
    private final AtomicInteger most = new AtomicInteger();

    /** @param tooMany so many must not ask at once; when they do, nobody is held any longer */
    Together(int tooMany) {
        this.tooMany = new CountDownLatch(tooMany);
    }

    int most() {
        return most.get();
    }

    @Override
    public void handle(HttpExchange exchange) throws IOException {
        most.accumulateAndGet(now.incrementAndGet(), Math::max);
        tooMany.countDown();
        try {
            tooMany.await(HOLD_MS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
        now.decrementAndGet();
        PprofServer.text(200, "x").handle(exchange);
    }
}
