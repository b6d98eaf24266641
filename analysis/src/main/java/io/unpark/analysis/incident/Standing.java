package io.unpark.analysis.incident;

import java.util.Collections;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * How many findings stand, in all and by instance. Only the {@link #MAX_TRACKED} smallest names are held, so that an anomaly
 * of a great fleet stays small; since the total is exact, it is always known whether findings stand on instances that are not
 * held. What is held is a function of the findings that stand, whatever the order in which they came.
 *
 * @param total findings that stand
 * @param byInstance number of findings that stand, 1 or more, by instance name; the smallest names
 */
record Standing(long total, NavigableMap<String, Long> byInstance) {
    /** Instance names held. At 60 characters a name this is some 60 KB of state at the most. */
    static final int MAX_TRACKED = 1_000;

    static final Standing NONE = new Standing(0, new TreeMap<>());

    Standing {
        byInstance = Collections.unmodifiableNavigableMap(byInstance);
    }

    /** With one finding more. */
    Standing plus(String instance) {
        Tally tally = new Tally(this);
        tally.add(instance);
        return tally.result();
    }

    /**
     * With one finding less; null when this cannot be told from what is held: the last finding of a held name goes while
     * others are not held, one of which must take its place.
     */
    Standing minus(String instance) {
        Long held = byInstance.get(instance);
        if (held == null) {
            return new Standing(total - 1, byInstance);
        }
        if (held == 1 && !isComplete()) {
            return null;
        }
        NavigableMap<String, Long> names = new TreeMap<>(byInstance);
        names.computeIfPresent(instance, (name, count) -> count == 1 ? null : count - 1);
        return new Standing(total - 1, names);
    }

    /** With one finding less where others were let go: whose place a name would take cannot be told, and need not be. */
    Standing minusOfSome(String instance) {
        NavigableMap<String, Long> names = new TreeMap<>(byInstance);
        names.computeIfPresent(instance, (name, count) -> count == 1 ? null : count - 1);
        return new Standing(total - 1, names);
    }

    /** With one finding let go, which stands all the same: its instance stays known. */
    Standing lettingGo() {
        return new Standing(total - 1, byInstance);
    }

    /** With an instance on which a finding stands that is not held. */
    Standing alsoOn(String instance) {
        boolean full = byInstance.size() >= MAX_TRACKED;
        if (byInstance.containsKey(instance) || full && byInstance.lastKey().compareTo(instance) < 0) {
            return this;
        }
        NavigableMap<String, Long> names = new TreeMap<>(byInstance);
        names.put(instance, 1L);
        if (full) {
            names.pollLastEntry();
        }
        return new Standing(total, names);
    }

    /** Whether every instance with a standing finding is held. */
    boolean isComplete() {
        return byInstance.size() < MAX_TRACKED
                || byInstance.values().stream().mapToLong(Long::longValue).sum() == total;
    }

    /** Counts many findings without a copy for each. */
    static final class Tally {
        private final NavigableMap<String, Long> names;
        private long total;

        Tally() {
            this(NONE);
        }

        private Tally(Standing from) {
            names = new TreeMap<>(from.byInstance());
            total = from.total();
        }

        void add(String instance) {
            total++;
            names.merge(instance, 1L, Long::sum);
            if (names.size() > MAX_TRACKED) {
                names.pollLastEntry();
            }
        }

        Standing result() {
            return new Standing(total, names);
        }
    }
}
