package io.unpark.trace;

/** Metrics, labels, and what user code says with runtime/trace. None of them changes the scheduler's state. */
final class UserEvents {
    static final String THREADS = "/sched/gomaxprocs:threads";
    static final String HEAP_OBJECTS = "/memory/classes/heap/objects:bytes";
    static final String HEAP_GOAL = "/gc/heap/goal:bytes";
    static final String ALLOC_FREE = "AllocFree";

    private final Machine machine;
    private final At at;
    private final long[] args = new long[WireEvent.MAX_ARGS];

    UserEvents(Machine machine) {
        this.machine = machine;
        this.at = machine.at;
    }

    boolean procsChange(Lane e) throws TraceFormatException {
        at.needGoroutine();
        int stack = machine.stack(e.arg1());
        machine.visitor.metric(at.stamp(e.timeNs, stack), THREADS, e.arg0());
        return true;
    }

    boolean heapMetric(Lane e, String name) throws TraceFormatException {
        at.needProc();
        machine.visitor.metric(at.stamp(e.timeNs, 0), name, e.arg0());
        return true;
    }

    boolean label(Lane e) throws TraceFormatException {
        at.needGoroutine();
        int label = machine.string(e.arg0());
        machine.visitor.label(at.stamp(e.timeNs, 0), at.g, label);
        return true;
    }

    /** UserTaskBegin task parent name stack: a task may be named before it begins, but begins once. */
    boolean taskBegin(Lane e) throws TraceFormatException {
        at.needGoroutine();
        long task = e.arg0();
        if (task == IdTable.NO_ID || machine.tasks.find(task) != null) {
            throw at.corrupt("task " + Long.toUnsignedString(task) + " has begun already");
        }
        if (machine.tasks.size() >= machine.limits.maxOpenTasks()) {
            throw at.limit("open tasks", machine.limits.maxOpenTasks());
        }
        int type = machine.string(e.arg2());
        int stack = machine.stack(e.arg3());
        machine.tasks.begin(task, e.arg1(), type, kept(type), machine.generation);
        machine.visitor.taskBegin(at.stamp(e.timeNs, stack), task, e.arg1(), type);
        return true;
    }

    /** UserTaskEnd task stack: tells what is known from the beginning, which may not have been seen. */
    boolean taskEnd(Lane e) throws TraceFormatException {
        at.needGoroutine();
        int stack = machine.stack(e.arg1());
        Task task = machine.tasks.find(e.arg0());
        long parent = 0;
        int type = 0;
        if (task != null) {
            parent = task.parent();
            type = task.nameOrdinal(machine.generation, machine.tables.strings());
            machine.tasks.end(task);
        }
        machine.visitor.taskEnd(at.stamp(e.timeNs, stack), e.arg0(), parent, type);
        return true;
    }

    boolean regionBegin(Lane e) throws TraceFormatException {
        at.needGoroutine();
        int type = machine.string(e.arg1());
        int stack = machine.stack(e.arg2());
        Intervals of = intervals();
        if (of.depth() >= machine.limits.maxRegionDepth()) {
            throw at.limit("nested regions", machine.limits.maxRegionDepth());
        }
        machine.goroutines.beginRegion(of, e.arg0(), kept(type));
        machine.visitor.regionBegin(at.stamp(e.timeNs, stack), e.arg0(), type);
        return true;
    }

    boolean regionEnd(Lane e) throws TraceFormatException {
        at.needGoroutine();
        int type = machine.string(e.arg1());
        int stack = machine.stack(e.arg2());
        if (!machine.goroutines.endRegion(
                intervals(), e.arg0(), machine.tables.strings().name(type))) {
            throw at.corrupt("region \"" + machine.tables.string(type) + "\" ends, but another one is the innermost");
        }
        machine.visitor.regionEnd(at.stamp(e.timeNs, stack), e.arg0(), type);
        return true;
    }

    boolean log(Lane e) throws TraceFormatException {
        at.needGoroutine();
        int category = machine.string(e.arg1());
        int message = machine.string(e.arg2());
        int stack = machine.stack(e.arg3());
        machine.visitor.log(at.stamp(e.timeNs, stack), e.arg0(), category, message);
        return true;
    }

    boolean experimental(Lane e) throws TraceFormatException {
        at.needThread();
        args[0] = e.arg0();
        args[1] = e.arg1();
        args[2] = e.arg2();
        machine.visitor.experimental(at.stamp(e.timeNs, 0), ALLOC_FREE, e.event().goName, args, e.event().argCount);
        return true;
    }

    /** A name that outlives its generation, if all that are kept have room. */
    private byte[] kept(int type) throws TraceFormatException {
        byte[] name = machine.tables.strings().name(type);
        long keptBytes = machine.tasks.nameBytes() + machine.goroutines.regionNameBytes();
        if (keptBytes + name.length > machine.limits.maxOpenNameBytes()) {
            throw at.limit("bytes of open tasks' and regions' names", machine.limits.maxOpenNameBytes());
        }
        return name;
    }

    private Intervals intervals() throws TraceFormatException {
        Goroutine goroutine = at.goroutine(machine.goroutines);
        if (goroutine == null) {
            throw at.corrupt("goroutine " + at.g + " doesn't exist");
        }
        return goroutine.intervals();
    }
}
