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
    private static final int MAX_HOLDERS = 64;

    /** What one holder cost. */
    private static final class Sum {
        long ns;
    }

    /** The waits at one place. */
    static final class Lock {
        long waits;
        long totalNs;
        long maxNs;
        long requestWaits;
        private final Map<Stack, Sum> holders = new HashMap<>();

        ProcessView.LockWaits view(Stack place) {
            Map<Stack, Long> ns = new HashMap<>();
            holders.forEach((holder, sum) -> ns.put(holder, sum.ns));
            return new ProcessView.LockWaits(place, waits, totalNs, maxNs, requestWaits, Map.copyOf(ns));
        }

        private void heldBy(Stack holder, long ns) {
            Sum sum = holders.get(holder);
            if (sum == null) {
                if (holders.size() >= MAX_HOLDERS) {
                    return;
                }
                sum = new Sum();
                holders.put(holder, sum);
            }
            sum.ns += ns;
        }
    }

    private final Map<Stack, Lock> locks = new HashMap<>();
    private final Shape.Cache shapes;
    private final StackTable stacks;

    LockMeter(Shape.Cache shapes, StackTable stacks) {
        this.shapes = shapes;
        this.stacks = stacks;
    }

    void beginGeneration() {
        locks.clear();
    }

    /** A wait at a lock is over: all of it counts for the generation that it ends in. */
    void waited(Goroutine g, long ns, Stack wakerStack) {
        if (!g.reason.startsWith("sync") || !shapes.of(g.blocked).inLock()) {
            return;
        }
        Lock lock = lock(g.blocked);
        if (lock == null) {
            return;
        }
        lock.waits++;
        lock.totalNs += ns;
        lock.maxNs = Math.max(lock.maxNs, ns);
        lock.requestWaits += g.request == null ? 0 : 1;
        if (!wakerStack.isEmpty()) {
            lock.heldBy(wakerStack, ns);
        }
    }

    /** Null when there are too many. */
    private Lock lock(Stack place) {
        KnownStack known = place instanceof KnownStack it ? it : null;
        Lock lock = known == null ? null : known.lock(stacks.epoch());
        if (lock == null) {
            lock = locks.get(place);
        }
        if (lock == null && locks.size() < MAX_LOCKS) {
            lock = new Lock();
            locks.put(place, lock);
        }
        if (known != null) {
            known.lock(lock);
        }
        return lock;
    }

    /** What was measured, in a fixed order. */
    List<ProcessView.LockWaits> waits() {
        return locks.entrySet().stream()
                .map(e -> e.getValue().view(e.getKey()))
                .sorted(Comparator.comparing(w -> w.place().toString()))
                .toList();
    }
}
