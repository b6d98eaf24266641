package io.unpark.analysis.instance;

import io.unpark.analysis.detect.ProcessView;
import io.unpark.analysis.model.Stack;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Adds up, within one generation, the waits at every lock and who let the waiters go. */
final class LockMeter {
    private static final int MAX_LOCKS = 5_000;

    /** The waits at one place. */
    static final class Lock {
        long waits;
        long totalNs;
        long maxNs;
        long requestWaits;
        final Map<Stack, Long> holders = new HashMap<>();

        ProcessView.LockWaits view(Stack place) {
            return new ProcessView.LockWaits(place, waits, totalNs, maxNs, requestWaits, Map.copyOf(holders));
        }
    }

    final Map<Stack, Lock> locks = new HashMap<>();
    private final Shape.Cache shapes;

    LockMeter(Shape.Cache shapes) {
        this.shapes = shapes;
    }

    void beginGeneration() {
        locks.clear();
    }

    /** A wait at a lock is over: all of it counts for the generation that it ends in. */
    void waited(Goroutine g, long ns, Stack wakerStack) {
        if (!g.reason.startsWith("sync") || !shapes.of(g.blocked).inLock()) {
            return;
        }
        Lock lock = locks.get(g.blocked);
        if (lock == null) {
            if (locks.size() >= MAX_LOCKS) {
                return;
            }
            lock = new Lock();
            locks.put(g.blocked, lock);
        }
        lock.waits++;
        lock.totalNs += ns;
        lock.maxNs = Math.max(lock.maxNs, ns);
        lock.requestWaits += g.request == null ? 0 : 1;
        if (!wakerStack.isEmpty() && (lock.holders.size() < 64 || lock.holders.containsKey(wakerStack))) {
            lock.holders.merge(wakerStack, ns, Long::sum);
        }
    }

    /** What was measured, in a fixed order. */
    List<ProcessView.LockWaits> waits() {
        return locks.entrySet().stream()
                .map(e -> e.getValue().view(e.getKey()))
                .sorted(Comparator.comparing(w -> w.place().toString()))
                .toList();
    }
}
