package io.unpark.trace;

import java.util.Arrays;

/**
 * Numbers ids in the order in which they come, from 0: so what belongs to an id is a few array cells. The id
 * {@link #NO_ID} cannot be held.
 */
final class LongSlots {
    static final int ABSENT = -1;
    static final long NO_ID = IdTable.NO_ID;

    private final Table table = new Table();
    private long[] ids = new long[64];

    private static final class Slot extends IdTable.Entry {
        private int number;

        @Override
        void forget() {
            number = ABSENT;
        }
    }

    private static final class Table extends IdTable<Slot> {
        @Override
        Slot create() {
            return new Slot();
        }
    }

    int find(long id) {
        Slot slot = table.find(id);
        return slot == null ? ABSENT : slot.number;
    }

    /** The slot of an id that is not held yet. */
    int add(long id) {
        int number = table.size();
        if (number == ids.length) {
            ids = Arrays.copyOf(ids, 2 * number);
        }
        ids[number] = id;
        table.add(id).number = number;
        return number;
    }

    long id(int slot) {
        return ids[slot];
    }

    int size() {
        return table.size();
    }

    /** Costs about as much as was held. */
    void clear() {
        table.clear();
    }
}
