package io.unpark.trace;

import java.util.Arrays;

/**
 * Numbers ids in the order in which they come, from 0: so what belongs to an id is a few array cells. Open addressing, no
 * objects. The id {@link #NO_ID} cannot be held.
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

    /** The slot of an id that is not held yet. */
    int add(long id) {
        if (BUCKETS_PER_ID * (used + 1) > buckets.length) {
            rehash();
        }
        if (used == ids.length) {
            ids = Arrays.copyOf(ids, 2 * used);
        }
        ids[used] = id;
        place(used);
        return used++;
    }

    long id(int slot) {
        return ids[slot];
    }

    int size() {
        return used;
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
    }

    private void place(int slot) {
        int mask = buckets.length - 1;
        int i = home(ids[slot]);
        while (buckets[i] != 0) {
            i = (i + 1) & mask;
        }
        buckets[i] = slot + 1;
    }

    private void rehash() {
        buckets = new int[2 * buckets.length];
        shift--;
        for (int slot = 0; slot < used; slot++) {
            place(slot);
        }
    }

    private int home(long id) {
        return IdTable.bucket(id, shift);
    }
}
