package io.unpark.trace;

/**
 * What the runtime's scheduler looks like at one point of the replay, and what all handlers of events share: the
 * generation's tables, the visitor, the event at hand. Carried over from one generation to the next.
 */
final class Machine {
    final TraceLimits limits;
    final Threads threads = new Threads();
    final Procs procs = new Procs();
    final Goroutines goroutines = new Goroutines();
    final Tasks tasks = new Tasks();
    final At at = new At();

    /** The generation being replayed. */
    Generation tables;

    EventVisitor visitor;
    /** Its number. */
    long generation;
    /** The first generation with events introduces what exists; later ones may only confirm it. */
    private long firstGeneration;

    Machine(TraceLimits limits) {
        this.limits = limits;
    }

    /** Forgets everything: the next generation is the first of a trace. */
    void reset() {
        threads.clear();
        procs.clear();
        goroutines.clear();
        tasks.clear();
        at.reset();
        firstGeneration = 0;
    }

    void beginGeneration(Generation of, EventVisitor to) {
        tables = of;
        visitor = to;
        generation = of.generation();
        goroutines.beginGeneration(generation);
        at.beginGeneration(generation);
    }

    /** Makes the lane's event the one at hand. */
    void enter(Lane lane) throws TraceFormatException {
        if (lane.thread == null) {
            meet(lane);
        }
        at.enter(lane);
    }

    private void meet(Lane lane) throws TraceFormatException {
        if (firstGeneration == 0) {
            firstGeneration = generation;
        }
        if (lane.id() != EventContext.NONE) {
            lane.thread = thread(lane.id());
        }
    }

    boolean inFirstGeneration() {
        return generation == firstGeneration;
    }

    /** The state of an M, which is known from now on. */
    ThreadState thread(long m) throws TraceFormatException {
        ThreadState known = threads.find(m);
        if (known != null) {
            return known;
        }
        if (threads.size() >= limits.maxThreads()) {
            throw at.limit("threads", limits.maxThreads());
        }
        return threads.meet(m);
    }

    /** A stack's ordinal, which must exist. */
    int stack(long id) throws TraceFormatException {
        int ordinal = tables.stacks().ordinal(id);
        if (ordinal == LongSlots.ABSENT) {
            throw unknown("stack", id);
        }
        return ordinal;
    }

    /** A string's ordinal, which must exist. */
    int string(long id) throws TraceFormatException {
        int ordinal = tables.strings().ordinal(id);
        if (ordinal == LongSlots.ABSENT) {
            throw unknown("string", id);
        }
        return ordinal;
    }

    private TraceFormatException unknown(String what, long id) {
        return at.corrupt("invalid " + what + " id " + Long.toUnsignedString(id));
    }

    /** The goroutine at hand, which must be known and in one status. */
    Goroutine current(int status) throws TraceFormatException {
        Goroutine goroutine = at.goroutine(goroutines);
        if (goroutine == null || goroutine.status() != status) {
            throw notIn(status, goroutine);
        }
        return goroutine;
    }

    private TraceFormatException notIn(int status, Goroutine goroutine) {
        if (goroutine == null) {
            return at.corrupt("goroutine " + at.g + " doesn't exist");
        }
        return at.corrupt("goroutine " + at.g + " is "
                + Goroutine.state(goroutine.status()).goName() + ", not "
                + Goroutine.state(status).goName());
    }

    /** Adds a goroutine that must not exist yet. */
    Goroutine addGoroutine(long goroutine, int status) throws TraceFormatException {
        if (goroutine == EventContext.NONE
                || goroutines.find(goroutine) != null
                || goroutines.size() >= limits.maxGoroutines()) {
            throw cannotAdd(goroutine);
        }
        return goroutines.add(goroutine, status);
    }

    private TraceFormatException cannotAdd(long goroutine) {
        if (goroutine == EventContext.NONE) {
            return at.corrupt("a goroutine cannot have the id of none");
        }
        if (goroutines.find(goroutine) != null) {
            return at.corrupt("goroutine " + goroutine + " already exists");
        }
        return at.limit("goroutines", limits.maxGoroutines());
    }
}
