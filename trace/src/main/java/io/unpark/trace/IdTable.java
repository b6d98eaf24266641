package io.unpark.trace;

import java.util.Arrays;

/**
 * What is known of each live id, an object each, found by the id: open addressing. The objects of ids that were removed are used
 * again, so that nothing is allocated once as many were held as ever are. The id {@link #NO_ID} cannot be held.
 */
abstract class IdTable<E extends IdTable.Entry> {
    static final long NO_ID = EventContext.NONE;

    private static final int INITIAL = 64;
    /** So few ids in a bucket or next to it that the first look nearly always finds. */
    private static final int BUCKETS_PER_ID = 4;

    private static final int INITIAL_SHIFT = Long.SIZE - 8;
    /** Fewer ids than buckets by this factor: too few for so many buckets. */
    private static final int SPARSE = 32;

    /** One that is held, or was: then its id is {@link #NO_ID}. */
    abstract static class Entry {
        private long id = NO_ID;

        final long id() {
            return id;
        }

        /** Forgets what is known; called when the id is removed. */
        abstract void forget();
    }

    private Entry[] buckets = new Entry[BUCKETS_PER_ID * INITIAL];
    private int shift = INITIAL_SHIFT;
    private int size;
    /** Most ids held at once since the table was empty. */
    private int most;

    private Entry[] unused = new Entry[INITIAL];
    private int unusedCount;

    abstract E create();

    /** Null when the id is not held. */
    @SuppressWarnings("unchecked")
    final E find(long id) {
        Entry[] table = buckets;
        int mask = table.length - 1;
        int i = home(id);
        while (true) {
            Entry entry = table[i & mask];
            if (entry == null || entry.id == id) {
                return (E) entry;
            }
            i++;
        }
    }

    /** As {@link #find(long)}, but looks first at what the id was found at before, which may be null. */
    final E find(long id, E before) {
        return before != null && ((Entry) before).id == id && id != NO_ID ? before : find(id);
    }

    /** Holds an id that is not held yet; what is known of it is nothing. */
    @SuppressWarnings("unchecked")
    final E add(long id) {
        if (BUCKETS_PER_ID * (size + 1) > buckets.length) {
            rehash();
        }
        Entry entry = unusedCount > 0 ? unused[--unusedCount] : create();
        entry.id = id;
        place(entry);
        size++;
        most = Math.max(most, size);
        return (E) entry;
    }

    final void remove(E held) {
        int mask = buckets.length - 1;
        int hole = home(((Entry) held).id);
        while (buckets[hole] != held) {
            hole = (hole + 1) & mask;
        }
        closeGap(hole, mask);
        release(held);
        size--;
    }

    final int size() {
        return size;
    }

    /** Costs about as much as was held: after much was, and little now, the buckets begin small again. */
    void clear() {
        for (int i = 0; i < buckets.length && size > 0; i++) {
            if (buckets[i] != null) {
                release(buckets[i]);
                size--;
            }
        }
        if (buckets.length > BUCKETS_PER_ID * INITIAL && most < buckets.length / SPARSE) {
            buckets = new Entry[BUCKETS_PER_ID * INITIAL];
            shift = INITIAL_SHIFT;
        } else {
            Arrays.fill(buckets, null);
        }
        most = 0;
    }

    private void release(Entry entry) {
        entry.forget();
        entry.id = NO_ID;
        if (unusedCount == unused.length) {
            unused = Arrays.copyOf(unused, 2 * unusedCount);
        }
        unused[unusedCount++] = entry;
    }

    private void place(Entry entry) {
        int mask = buckets.length - 1;
        int i = home(entry.id);
        while (buckets[i] != null) {
            i = (i + 1) & mask;
        }
        buckets[i] = entry;
    }

    /** Moves later members of the probe run back, so that no search stops short of them. */
    private void closeGap(int gap, int mask) {
        int hole = gap;
        for (int i = (hole + 1) & mask; buckets[i] != null; i = (i + 1) & mask) {
            int home = home(buckets[i].id);
            if (((i - home) & mask) >= ((i - hole) & mask)) {
                buckets[hole] = buckets[i];
                hole = i;
            }
        }
        buckets[hole] = null;
    }

    private void rehash() {
        Entry[] old = buckets;
        buckets = new Entry[2 * old.length];
        shift--;
        for (Entry entry : old) {
            if (entry != null) {
                place(entry);
            }
        }
    }

    /** Spreads ids in a row evenly, as those of goroutines are (Knuth's multiplicative hashing, by the golden ratio). */
    private int home(long id) {
        return (int) ((id * 0x9E3779B97F4A7C15L) >>> shift);
    }
}
