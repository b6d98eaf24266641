package io.unpark.trace;

/** A user task that has begun and not ended. */
final class Task extends IdTable.Entry {
    private long parent;
    private byte[] name;
    private int nameOrdinal;
    private long generation;

    void begin(long ofParent, int ordinalOfName, byte[] itsName, long inGeneration) {
        parent = ofParent;
        name = itsName;
        nameOrdinal = ordinalOfName;
        generation = inGeneration;
    }

    long parent() {
        return parent;
    }

    int nameBytes() {
        return name.length;
    }

    /** The name's ordinal in the strings of this generation, which may lack it: then it is added. */
    int nameOrdinal(long inGeneration, StringTable strings) {
        return generation == inGeneration ? nameOrdinal : strings.ordinalOf(name);
    }

    @Override
    void forget() {
        name = null;
    }
}
