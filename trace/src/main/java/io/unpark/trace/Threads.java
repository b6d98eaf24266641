package io.unpark.trace;

import java.util.ArrayList;
import java.util.List;

/** The Ms of a process. One is known from its first event on, for good. */
final class Threads extends IdTable<ThreadState> {
    private final List<ThreadState> all = new ArrayList<>();

    @Override
    ThreadState create() {
        return new ThreadState();
    }

    @Override
    void clear() {
        all.clear();
        super.clear();
    }

    /** The state of an M that is not known yet. */
    ThreadState meet(long m) {
        ThreadState added = add(m);
        all.add(added);
        return added;
    }

    /** The first M that has this P, or null. Looks at all: for rare events only. */
    ThreadState holding(long proc) {
        for (ThreadState thread : all) {
            if (thread.p == proc) {
                return thread;
            }
        }
        return null;
    }
}
