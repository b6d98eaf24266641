package io.unpark.analysis.instance;

import io.unpark.analysis.model.TimeSplit;
import io.unpark.trace.GoState;
import java.util.TreeMap;

/**
 * Adds up where a request's main goroutine spends its time. Every nanosecond between {@link #start} and the last
 * {@link #until} goes into exactly one class, so that the classes' sum is the wall time.
 */
final class SplitMeter {
    private static final String NOT_TOLD = "unknown";

    long markNs;
    private long stwMark;
    long runningNs;
    long runnableNs;
    long syscallNs;
    long assistNs;
    long stoppedNs;
    final TreeMap<String, Long> blockedNs = new TreeMap<>();

    void clear() {
        runningNs = 0;
        runnableNs = 0;
        syscallNs = 0;
        assistNs = 0;
        stoppedNs = 0;
        blockedNs.clear();
    }

    long stwMark() {
        return stwMark;
    }

    void restoreMarks(long mark, long stopped) {
        markNs = mark;
        stwMark = stopped;
    }

    void start(long nowNs, StopTheWorld world) {
        markNs = nowNs;
        stwMark = world.totalAt(nowNs);
    }

    /** Accounts the time since the last call to the state that the goroutine was in. */
    void until(long nowNs, GoState state, boolean assisting, String reason, StopTheWorld world) {
        long length = nowNs - markNs;
        long stopped = Math.min(length, Math.max(0, world.totalAt(nowNs) - stwMark));
        switch (state) {
            case RUNNING, RUNNABLE -> {
                stoppedNs += stopped;
                addReady(length - stopped, state == GoState.RUNNING, assisting);
            }
            case SYSCALL -> syscallNs += length;
            case WAITING -> blockedNs.merge(reason.isEmpty() ? NOT_TOLD : reason, length, Long::sum);
            case UNDETERMINED, NOT_EXIST -> blockedNs.merge(NOT_TOLD, length, Long::sum);
        }
        start(nowNs, world);
    }

    private void addReady(long length, boolean running, boolean assisting) {
        if (assisting) {
            assistNs += length;
        } else if (running) {
            runningNs += length;
        } else {
            runnableNs += length;
        }
    }

    TimeSplit split() {
        TreeMap<String, Long> blocked = new TreeMap<>(blockedNs);
        blocked.values().removeIf(ns -> ns == 0);
        return new TimeSplit(runningNs, runnableNs, syscallNs, assistNs, stoppedNs, blocked);
    }
}
