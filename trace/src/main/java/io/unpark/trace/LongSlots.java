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
    /** So few ids in a bucket or next to it that the first look nearly always finds. */
    private static final int BUCKETS_PER_ID = 4;

    private static final int INITIAL_SHIFT = Long.SIZE - 8;
    /** Fewer ids than buckets by this factor: too few for so many buckets. */
    private static final int SPARSE = 32;

    private long[] ids = new long[INITIAL];
    private int[] free = new int[INITIAL];
    private int freeCount;
    private int used;
    private int[] buckets = new int[BUCKETS_PER_ID * INITIAL];
    private int shift = INITIAL_SHIFT;

    int find(long id) {
        int[] table = buckets;
        int mask = table.length - 1;
        int i = home(id);
        while (true) {
            int slot = table[i & mask] - 1;
            if (slot < 0 || ids[slot] == id) {
                return slot;
            }
            i++;
        }
    }

    /** As {@link #find(long)}, but looks first where the id was found before. */
    int find(long id, int hint) {
        if (hint < used && ids[hint] == id && id != NO_ID) {
            return hint;
        }
        return find(id);
    }

    /** The slot of an id that is not held yet. */
    int add(long id) {
        if (BUCKETS_PER_ID * (size() + 1) > buckets.length) {
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
        if (buckets.length > BUCKETS_PER_ID * INITIAL && used < buckets.length / SPARSE) {
            buckets = new int[BUCKETS_PER_ID * INITIAL];
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
