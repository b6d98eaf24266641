package io.unpark.trace;

/**
 * The goroutines alive. A goroutine's sequence number counts what must not be told before its turn, whatever the timestamps say;
 * it counts anew in each generation.
 */
final class Goroutines extends IdTable<Goroutine> {
    private long generation;
    /** The generation at hand, counted by us and shifted to stand above a status. */
    private long turn;

    /** Bytes of the names of all open regions. */
    private long regionNameBytes;

    @Override
    Goroutine create() {
        return new Goroutine();
    }

    @Override
    void clear() {
        regionNameBytes = 0;
        super.clear();
    }

    void beginGeneration(long number) {
        if (number != generation) {
            generation = number;
            turn = turn + (1 << Goroutine.STATUS_BITS) & Goroutine.TURN_MASK;
        }
    }

    Goroutine add(long id, int status) {
        Goroutine added = add(id);
        added.set(turn, status, 0);
        return added;
    }

    /** The goroutine ended. */
    void end(Goroutine goroutine) {
        Intervals intervals = goroutine.intervalsOrNull();
        if (intervals != null) {
            regionNameBytes -= intervals.nameBytes();
        }
        remove(goroutine);
    }

    /** The goroutine if it has this status and this is its next sequence number; null when it is not so yet. */
    Goroutine ready(long id, int status, long number) {
        Goroutine found = find(id);
        return found != null && found.isReady(turn, status, number) ? found : null;
    }

    /** Sets the status, and the sequence number: one that was ready, or 0. */
    void set(Goroutine goroutine, int status, long number) {
        goroutine.set(turn, status, number);
    }

    void beginRegion(Intervals of, long task, byte[] name) {
        of.beginRegion(task, name);
        regionNameBytes += name.length;
    }

    /** As {@link Intervals#endRegion}. */
    boolean endRegion(Intervals of, long task, byte[] name) {
        long before = of.nameBytes();
        boolean ended = of.endRegion(task, name);
        regionNameBytes -= before - of.nameBytes();
        return ended;
    }

    long regionNameBytes() {
        return regionNameBytes;
    }
}
