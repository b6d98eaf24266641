package io.unpark.analysis.instance;

import io.unpark.analysis.model.Stack;
import java.util.HashMap;
import java.util.Map;

/** The history of every (start function, creation stack), and of every place where goroutines wait. */
final class Cohorts {
    /** Distinct cohorts and places kept; a process that makes more (generated code, hostile input) shares one. */
    static final int MAX_KEPT = 20_000;

    record Key(String start, Stack creation) {
        static final Key OTHER = new Key("(other)", Stack.EMPTY);
    }

    final Map<Key, Cohort> cohorts = new HashMap<>();
    final Map<Stack, WaitHistory> waits = new HashMap<>();

    Cohort of(Goroutine g) {
        return cohort(new Key(g.start, g.creation));
    }

    Cohort cohort(Key key) {
        Cohort known = cohorts.get(key);
        if (known != null) {
            return known;
        }
        Key kept = cohorts.size() < MAX_KEPT ? key : Key.OTHER;
        return cohorts.computeIfAbsent(kept, k -> new Cohort());
    }

    WaitHistory waitsAt(Stack place) {
        WaitHistory known = waits.get(place);
        if (known != null) {
            return known;
        }
        Stack kept = waits.size() < MAX_KEPT ? place : Stack.EMPTY;
        return waits.computeIfAbsent(kept, s -> new WaitHistory());
    }
}
