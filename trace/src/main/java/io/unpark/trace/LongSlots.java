package io.unpark.trace;

import java.util.Arrays;

/**
 * Gives each live id a small number, its slot, that stays until the id is removed; then the slot is used again. So the
 * state of a goroutine is a few array cells. Open addressing, no objects. The id {@link #NO_ID} cannot be held.
 */
final class LongSlots {
    static final int ABSENT = -1;
    static final long NO_ID = EventContext.NONE;

    private static final int INITIAL = 64;
    private static final int INITIAL_SHIFT = Long.SIZE - 7;
    /** Fewer ids than buckets by this factor: too few for so many buckets. */
    private static final int SPARSE = 32;

    private long[] ids = new long[INITIAL];
    private int[] free = new int[INITIAL];
    private int freeCount;
    private int used;
    private int[] buckets = new int[2 * INITIAL];
    private int shift = INITIAL_SHIFT;

    int find(long id) {
        int mask = buckets.length - 1;
        for (int i = home(id); buckets[i] != 0; i = (i + 1) & mask) {
            if (ids[buckets[i] - 1] == id) {
                return buckets[i] - 1;
            }
        }
        return ABSENT;
    }

    /** The slot of an id that is not held yet. */
    int add(long id) {
        if (2 * (size() + 1) > buckets.length) {
            rehash();
        }
        int slot = freeCount > 0 ? free[--freeCount] : nextUnused();
        ids[slot] = id;
        place(slot);
        return slot;
    }

    void remove(int slot) {
        int mask = buckets.length - 1;
        int hole = home(ids[slot]);
        while (buckets[hole] != slot + 1) {
            hole = (hole + 1) & mask;
        }
        closeGap(hole, mask);
        ids[slot] = NO_ID;
        if (freeCount == free.length) {
            free = Arrays.copyOf(free, 2 * freeCount);
        }
        free[freeCount++] = slot;
    }

    /** The id at a slot, {@link #NO_ID} when it is free. */
    long id(int slot) {
        return ids[slot];
    }

    /** All slots ever used are below this. */
    int bound() {
        return used;
    }

    int size() {
        return used - freeCount;
    }

    /** Costs about as much as was held: after much was, and little now, the buckets begin small again. */
    void clear() {
        if (buckets.length > 2 * INITIAL && used < buckets.length / SPARSE) {
            buckets = new int[2 * INITIAL];
            shift = INITIAL_SHIFT;
        } else {
            Arrays.fill(buckets, 0);
        }
        used = 0;
        freeCount = 0;
    }

    private int nextUnused() {
        if (used == ids.length) {
            ids = Arrays.copyOf(ids, 2 * used);
        }
        return used++;
    }

    private void place(int slot) {
        int mask = buckets.length - 1;
        int i = home(ids[slot]);
        while (buckets[i] != 0) {
            i = (i + 1) & mask;
        }
        buckets[i] = slot + 1;
    }

    /** Moves later members of the probe run back, so that no search stops short of them. */
    private void closeGap(int gap, int mask) {
        int hole = gap;
        for (int i = (hole + 1) & mask; buckets[i] != 0; i = (i + 1) & mask) {
            int home = home(ids[buckets[i] - 1]);
            if (((i - home) & mask) >= ((i - hole) & mask)) {
                buckets[hole] = buckets[i];
                hole = i;
            }
        }
        buckets[hole] = 0;
    }

    private void rehash() {
        buckets = new int[2 * buckets.length];
        shift--;
        for (int slot = 0; slot < used; slot++) {
            if (ids[slot] != NO_ID) {
                place(slot);
            }
        }
    }

    private int home(long id) {
        return (int) ((id * 0x9E3779B97F4A7C15L) >>> shift);
    }
}
