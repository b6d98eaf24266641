package io.unpark.trace;

import java.util.Arrays;

/** The user tasks that have begun and not ended. */
final class Tasks {
    private final LongSlots slots = new LongSlots();
    private long[] parents = new long[64];
    private byte[][] names = new byte[64][];
    private int[] nameOrdinals = new int[64];
    private long[] generations = new long[64];
    private long nameBytes;

    void clear() {
        Arrays.fill(names, 0, slots.bound(), null);
        nameBytes = 0;
        slots.clear();
    }

    int find(long task) {
        return slots.find(task);
    }

    int size() {
        return slots.size();
    }

    void begin(long task, long parent, int nameOrdinal, byte[] name, long generation) {
        int slot = slots.add(task);
        if (slot == parents.length) {
            parents = Arrays.copyOf(parents, 2 * slot);
            names = Arrays.copyOf(names, 2 * slot);
            nameOrdinals = Arrays.copyOf(nameOrdinals, 2 * slot);
            generations = Arrays.copyOf(generations, 2 * slot);
        }
        parents[slot] = parent;
        names[slot] = name;
        nameBytes += name.length;
        nameOrdinals[slot] = nameOrdinal;
        generations[slot] = generation;
    }

    /** Bytes of the names of all open tasks. */
    long nameBytes() {
        return nameBytes;
    }

    void end(int slot) {
        nameBytes -= names[slot].length;
        names[slot] = null;
        slots.remove(slot);
    }

    long parent(int slot) {
        return parents[slot];
    }

    /** The name's ordinal in the strings of this generation, which may lack it: then it is added. */
    int nameOrdinal(int slot, long generation, StringTable strings) {
        return generations[slot] == generation ? nameOrdinals[slot] : strings.ordinalOf(names[slot]);
    }
}
