package io.unpark.ingest.security;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.Scheduler;

/**
 * Ends the reading of a body whose sender is too slow. Jetty's handler for it counts the time in which nobody wanted to read, too: a
 * push that waits for the broker would be blamed on its client; and a sender who falls silent is noticed only when the connection
 * counts as idle.
 */
final class PacedBodies extends Handler.Wrapper {
    private final ConnectionLimits limits;

    PacedBodies(ConnectionLimits limits) {
        this.limits = limits;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        Paced paced = new Paced(request, request.getComponents().getScheduler());
        request.setAttribute(BodyPace.ATTRIBUTE, paced);
        Request.addCompletionListener(request, failure -> paced.over());
        return super.handle(paced, response, callback);
    }

    /** One reader at a time, as Jetty has it; the timer is the other thread. */
    private final class Paced extends Request.Wrapper implements BodyPace {
        private final Scheduler scheduler;
        private final long beganNs = System.nanoTime();
        private volatile long bytes;
        private volatile long waitedNs;
        private volatile long endNs = Long.MAX_VALUE;
        private volatile Throwable failure;
        private Runnable whenOver = () -> {};

        private Paced(Request request, Scheduler scheduler) {
            super(request);
            this.scheduler = scheduler;
        }

        @Override
        public void demand(Runnable available) {
            long leftNs = leftNs();
            if (failure == null && leftNs <= 0) {
                failure = new TimeoutException("the body comes too slowly");
            }
            if (failure != null) {
                available.run();
                return;
            }
            AtomicBoolean answered = new AtomicBoolean();
            long fromNs = System.nanoTime();
            Scheduler.Task timer = scheduler.schedule(
                    () -> {
                        if (answered.compareAndSet(false, true)) {
                            failure = new TimeoutException("the body comes too slowly");
                            available.run();
                        }
                    },
                    leftNs,
                    TimeUnit.NANOSECONDS);
            super.demand(() -> {
                if (answered.compareAndSet(false, true)) {
                    timer.cancel();
                    waitedNs += System.nanoTime() - fromNs;
                    available.run();
                }
            });
        }

        private long leftNs() {
            long earnedNs = TimeUnit.SECONDS.toNanos(1) / limits.leastBodyBytesPerSecond() * bytes;
            long byRateNs = limits.bodyGrace().toNanos() + earnedNs - waitedNs;
            return endNs == Long.MAX_VALUE ? byRateNs : Math.min(byRateNs, endNs - elapsedNs());
        }

        private long elapsedNs() {
            return System.nanoTime() - beganNs;
        }

        @Override
        public Content.Chunk read() {
            if (failure != null) {
                return Content.Chunk.from(failure);
            }
            Content.Chunk chunk = super.read();
            bytes += chunk == null ? 0 : chunk.remaining();
            return chunk;
        }

        @Override
        public long bytes() {
            return bytes;
        }

        @Override
        public void endWithin(Duration limit) {
            endNs = elapsedNs() + limit.toNanos();
        }

        @Override
        public synchronized void whenOver(Runnable action) {
            Runnable before = whenOver;
            whenOver = () -> {
                before.run();
                action.run();
            };
        }

        private synchronized void over() {
            whenOver.run();
            whenOver = () -> {};
        }
    }
}
