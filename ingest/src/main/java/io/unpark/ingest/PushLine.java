package io.unpark.ingest;

import io.unpark.ingest.security.PushClient;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * Who may push now, and who waits for it: agents that come all at once are taken one after the other. Waiting costs no thread and none of
 * the body is read. A client that has its share is passed by those behind it. Thread-safe.
 */
final class PushLine {
    /** Of the places to wait in, one client may have this part. */
    private static final int SHARE_OF_WAITING = 2;

    private final IngestLimits limits;
    private final Map<String, Integer> runningOf = new HashMap<>();
    private final ArrayDeque<Waiting> waiting = new ArrayDeque<>();
    private int running;

    PushLine(IngestLimits limits) {
        this.limits = limits;
    }

    private record Waiting(PushClient client, CompletableFuture<Boolean> called) {}

    /**
     * Asks for a place.
     *
     * @return true when the push may go on, and {@link #leave} must follow; false when there is no place, or none became free in time.
     *     Done already where nothing is to be waited for
     */
    CompletableFuture<Boolean> ask(PushClient client) {
        Waiting place;
        synchronized (this) {
            if (mayRun(client)) {
                run(client);
                return CompletableFuture.completedFuture(true);
            }
            if (!mayWait(client)) {
                return CompletableFuture.completedFuture(false);
            }
            place = new Waiting(client, new CompletableFuture<>());
            waiting.add(place);
        }
        place.called().completeOnTimeout(false, limits.maxPushWait().toMillis(), TimeUnit.MILLISECONDS);
        return place.called().whenComplete((called, never) -> forget(place));
    }

    /** The push is over; its place goes to the first who may have it. */
    void leave(PushClient client) {
        for (Waiting next : left(client)) {
            if (!next.called().complete(true)) {
                leave(next.client()); // its time was over at this very moment
            }
        }
    }

    /** Pushes that are being read. */
    synchronized int running() {
        return running;
    }

    /** Pushes that wait for others to end. */
    synchronized int waiting() {
        return waiting.size();
    }

    private synchronized List<Waiting> left(PushClient client) {
        running--;
        runningOf.computeIfPresent(client.name(), (name, count) -> count == 1 ? null : count - 1);
        List<Waiting> called = new ArrayList<>();
        Iterator<Waiting> line = waiting.iterator();
        while (running < limits.maxConcurrentPushes() && line.hasNext()) {
            Waiting next = line.next();
            if (mayRun(next.client())) {
                line.remove();
                run(next.client());
                called.add(next);
            }
        }
        return called;
    }

    private synchronized void forget(Waiting place) {
        waiting.remove(place);
    }

    private boolean mayRun(PushClient client) {
        return running < limits.maxConcurrentPushes()
                && runningOf.getOrDefault(client.name(), 0) < client.concurrentPushes();
    }

    private void run(PushClient client) {
        running++;
        runningOf.merge(client.name(), 1, Integer::sum);
    }

    private boolean mayWait(PushClient client) {
        if (waiting.size() >= limits.maxWaitingPushes()) {
            return false;
        }
        long ofClient = waiting.stream()
                .filter(it -> it.client().name().equals(client.name()))
                .count();
        return ofClient < Math.max(1, limits.maxWaitingPushes() / SHARE_OF_WAITING);
    }
}
