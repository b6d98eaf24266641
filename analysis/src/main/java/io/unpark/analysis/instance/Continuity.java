package io.unpark.analysis.instance;

import io.unpark.analysis.model.Stack;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * What was known of an instance when a capture ended, for as long as the next one has not shown whether it is of the same process.
 * Numbers of goroutines are never used twice: of those that are alive now and are not younger than the last capture, nearly all
 * were alive then, and started with the same function; but for what each P had left of its batch of numbers. A process that was
 * started anew soon has many others.
 */
final class Continuity {
    /** Numbers are given to each P in batches of 16 (runtime/proc.go): what is left of one may be used much later. */
    private static final int BATCH = 16;

    /** Beyond one batch a P: the number of Ps may have been greater. */
    private static final int KNOWN_PER_BATCH = 32;

    private static final int MIN_KNOWN = 3;

    private final LongMap<Goroutine> alive = new LongMap<>();
    private final Map<Cohorts.Key, Cohort> cohorts;
    private final Map<Stack, WaitHistory> waits;
    private final long lastNs;
    private long highest;

    /** @param lastNs the capture's last moment */
    Continuity(InstanceState state, long lastNs) {
        state.goroutines.forEachSorted(g -> {
            alive.put(g.id, g);
            highest = g.id;
        });
        this.cohorts = new HashMap<>(state.cohorts.cohorts);
        this.waits = new HashMap<>(state.cohorts.waits);
        this.lastNs = lastNs;
    }

    /**
     * Whether the capture whose first generation was read goes on with that process; then its goroutines are told what was known of
     * them, and the kinds and places have their history back.
     */
    boolean resume(InstanceState state, long firstNs) {
        if (firstNs < lastNs || !isSameProcess(state)) {
            return false;
        }
        resumeCohorts(state);
        state.goroutines.forEachSorted(g -> {
            Goroutine before = g.created() ? null : alive.get(g.id);
            if (before != null) {
                recall(g, before, state);
            }
        });
        return true;
    }

    private boolean isSameProcess(InstanceState state) {
        int known = 0;
        Set<Long> openBatches = new HashSet<>();
        for (long id : state.goroutines.sortedKeys()) {
            Goroutine now = state.goroutines.get(id);
            if (id > highest || now.start.startsWith("runtime.")) {
                continue;
            }
            if (isKnown(now, alive.get(id))) {
                known++;
            } else {
                openBatches.add((id - 1) / BATCH);
            }
        }
        return known >= MIN_KNOWN && openBatches.size() <= Math.max(state.meter.procs(), known / KNOWN_PER_BATCH);
    }

    private static boolean isKnown(Goroutine now, Goroutine then) {
        boolean alike = then != null && (now.start.isEmpty() || then.start.isEmpty() || now.start.equals(then.start));
        return alike && !now.created();
    }

    private void resumeCohorts(InstanceState state) {
        alive.forEachSorted(g -> {
            if (state.goroutines.get(g.id) == null) {
                Cohort cohort = cohorts.get(new Cohorts.Key(g.start, g.creation));
                if (cohort != null) {
                    cohort.ended(g.createdNs, lastNs);
                }
            }
        });
        cohorts.forEach((key, before) -> state.cohorts.cohorts.merge(key, before, Continuity::sum));
        waits.forEach((place, before) -> state.cohorts.waits.merge(place, before, Continuity::sum));
    }

    private static Cohort sum(Cohort now, Cohort before) {
        now.created += before.created;
        now.ended += before.ended;
        now.lastCreatedNs = Math.max(now.lastCreatedNs, before.lastCreatedNs);
        now.longestLifeNs = Math.max(now.longestLifeNs, before.longestLifeNs);
        now.outlivedRequest += before.outlivedRequest;
        now.handedOver += before.handedOver;
        return now;
    }

    private static WaitHistory sum(WaitHistory now, WaitHistory before) {
        for (int i = 0; i < now.counts.length; i++) {
            now.counts[i] += before.counts[i];
            now.lastEndNs[i] = Math.max(now.lastEndNs[i], before.lastEndNs[i]);
        }
        return now;
    }

    /** Where it came from, and how often it was woken; since when it waits now is for this capture to say. */
    private static void recall(Goroutine now, Goroutine before, InstanceState state) {
        now.createdNs = before.createdNs;
        now.creator = before.creator;
        now.creation = before.creation.isEmpty() ? Stack.EMPTY : state.stacks.intern(before.creation);
        now.start = before.start.isEmpty() ? now.start : before.start;
        now.bornInRequest = before.bornInRequest;
        now.wokenHere += now.blocked.equals(before.blocked) ? before.wokenHere : 0;
        now.timerWakes += before.timerWakes;
        now.servedWakes += before.servedWakes;
        if (before.served != null) {
            now.served = now.served == null ? new ServedPlaces() : now.served;
            now.served.addAll(before.served, state.stacks::intern);
        }
        now.children += before.children;
        now.lastChildNs = Math.max(now.lastChildNs, before.lastChildNs);
        now.elderSiblings = before.elderSiblings;
    }
}
