package io.unpark.trace;

import java.util.Arrays;

/**
 * From the ids of a generation's strings or stacks to ordinals 1, 2, 3… in order of arrival. The runtime hands out small
 * ids, which are looked up in an array of bounded size; the format allows any 64 bits, so the rest goes to a hash table.
 */
final class IdIndex {
    /** Ids below this may use the array: at most 4 MiB, whatever an input claims. */
    private static final int DENSE_LIMIT = 1 << 20;

    private int[] dense = new int[256];
    /** All ids put into the array are below this. */
    private int denseBound;

    private final LongSlots sparse = new LongSlots();
    private int[] sparseOrdinals = new int[64];

    /** The ordinal, or 0 when there is none. */
    int find(long id) {
        if (id >= 0 && id < dense.length) {
            return dense[(int) id];
        }
        return findSparse(id);
    }

    /** {@code id} must be new. */
    void put(long id, int ordinal) {
        if (id >= 0 && id < DENSE_LIMIT) {
            growTo((int) id);
            dense[(int) id] = ordinal;
            denseBound = Math.max(denseBound, (int) id + 1);
            return;
        }
        int slot = sparse.add(id);
        if (slot >= sparseOrdinals.length) {
            sparseOrdinals = Arrays.copyOf(sparseOrdinals, 2 * slot);
        }
        sparseOrdinals[slot] = ordinal;
    }

    /** Costs as much as was put, not as much as ever was: a trace may have a hundred thousand tiny generations. */
    void clear() {
        Arrays.fill(dense, 0, denseBound, 0);
        denseBound = 0;
        sparse.clear();
    }

    private int findSparse(long id) {
        int slot = sparse.find(id);
        return slot == LongSlots.ABSENT ? 0 : sparseOrdinals[slot];
    }

    private void growTo(int id) {
        if (id >= dense.length) {
            dense = Arrays.copyOf(dense, Math.min(DENSE_LIMIT, Math.max(id + 1, 2 * dense.length)));
        }
    }
}
