package io.unpark.analysis.instance;

import io.unpark.analysis.detect.HeapSeries;
import io.unpark.analysis.model.Histogram;
import io.unpark.analysis.model.Stack;
import io.unpark.trace.RangeScope;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** Measures one generation of the runtime: how long goroutines waited to run, what the collector took, the heap. */
final class RuntimeMeter {
    private static final String MARK_PHASE = "GC concurrent mark phase";
    private static final String MARK_ASSIST = "GC mark assist";
    private static final String STOP_PREFIX = "stop-the-world";
    private static final String HEAP_OBJECTS = "/memory/classes/heap/objects:bytes";
    private static final String HEAP_GOAL = "/gc/heap/goal:bytes";
    private static final String GOMAXPROCS = "/sched/gomaxprocs:threads";

    /** A goroutine that runs for this long at a stretch keeps others from running. */
    static final long HOG_SLICE_NS = 5_000_000L;

    private static final int MAX_STACKS = 10_000;

    final StopTheWorld world;
    long[] schedLatency;
    long busyNs;
    long gcWorkerNs;
    long gcAssistNs;
    long gcCycles;
    long heapLiveBytes = -1;
    long heapGoalBytes = -1;
    int procs;

    /** A marking began since the last goal. */
    boolean marked;

    final Deque<HeapSeries.Point> heapGoals = new ArrayDeque<>();
    private final Set<Long> procsSeen = new HashSet<>();
    final Map<Stack, Long> assistNs = new HashMap<>();
    final Map<Stack, Long> hogNs = new HashMap<>();

    RuntimeMeter(StopTheWorld world) {
        this.world = world;
    }

    void beginGeneration() {
        schedLatency = new long[Histogram.BUCKETS];
        busyNs = 0;
        gcWorkerNs = 0;
        gcAssistNs = 0;
        gcCycles = 0;
        procsSeen.clear();
        assistNs.clear();
        hogNs.clear();
    }

    /** A goroutine ran. {@code stoppedAt} is where it was stopped, EMPTY when it went by itself. */
    void ran(Goroutine g, long ranNs, Stack stoppedAt) {
        if (g.idleMark) {
            return; // takes only time that nobody else wants
        }
        busyNs += ranNs;
        if (g.markWorker) {
            gcWorkerNs += ranNs;
        } else if (g.assisting) {
            gcAssistNs += ranNs;
            add(assistNs, g.lastUserStack, ranNs);
        }
        if (ranNs >= HOG_SLICE_NS && !g.markWorker) {
            add(hogNs, stoppedAt.isEmpty() ? g.lastUserStack : stoppedAt, ranNs);
        }
    }

    /** A goroutine was ready for so long before it ran. */
    void ready(long waitedNs) {
        schedLatency[Histogram.bucket(waitedNs)]++;
    }

    void procRan(long proc) {
        procsSeen.add(proc);
    }

    int procs() {
        return procs > 0 ? procs : Math.max(1, procsSeen.size());
    }

    void metric(String name, long value, long nowNs) {
        switch (name) {
            case HEAP_OBJECTS -> heapLiveBytes = value;
            case HEAP_GOAL -> heapGoal(value, nowNs);
            case GOMAXPROCS -> procs = (int) Math.min(value, 1 << 20);
            default -> {
                // other metrics say nothing about requests
            }
        }
    }

    /** Another process may have another heap. */
    void forgetHeap() {
        marked = false;
        heapGoals.clear();
    }

    /** Only what follows a marking tells what is live; the runtime repeats the goal at other times too. */
    private void heapGoal(long bytes, long nowNs) {
        heapGoalBytes = bytes;
        if (marked) {
            marked = false;
            heapGoals.addLast(new HeapSeries.Point(nowNs, bytes));
            if (heapGoals.size() > HeapSeries.MAX_POINTS) {
                heapGoals.removeFirst();
            }
        }
    }

    void rangeBegin(String name, RangeScope scope, Goroutine g, long nowNs) {
        if (name.equals(MARK_PHASE)) {
            gcCycles++;
            marked = true;
        } else if (isAssist(name, scope, g)) {
            g.assisting = true;
        }
    }

    void rangeEnd(String name, RangeScope scope, Goroutine g) {
        if (isAssist(name, scope, g)) {
            g.assisting = false;
        }
    }

    static boolean isStop(String name) {
        return name.startsWith(STOP_PREFIX);
    }

    /** {@code stop-the-world (read mem stats)} has the kind {@code read mem stats}. */
    static String stopKind(String name) {
        int open = name.indexOf('(');
        int close = name.lastIndexOf(')');
        return open >= 0 && close > open ? name.substring(open + 1, close) : name;
    }

    static boolean isAssist(String name, RangeScope scope, Goroutine g) {
        return scope == RangeScope.GOROUTINE && g != null && name.equals(MARK_ASSIST);
    }

    private static void add(Map<Stack, Long> map, Stack stack, long ns) {
        if (map.size() < MAX_STACKS || map.containsKey(stack)) {
            map.merge(stack, ns, Long::sum);
        }
    }
}
