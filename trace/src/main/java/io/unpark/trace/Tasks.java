package io.unpark.trace;

/** The user tasks that have begun and not ended. */
final class Tasks extends IdTable<Task> {
    private long nameBytes;

    @Override
    Task create() {
        return new Task();
    }

    @Override
    void clear() {
        nameBytes = 0;
        super.clear();
    }

    void begin(long id, long parent, int nameOrdinal, byte[] name, long generation) {
        add(id).begin(parent, nameOrdinal, name, generation);
        nameBytes += name.length;
    }

    void end(Task task) {
        nameBytes -= task.nameBytes();
        remove(task);
    }

    /** Bytes of the names of all open tasks. */
    long nameBytes() {
        return nameBytes;
    }
}
