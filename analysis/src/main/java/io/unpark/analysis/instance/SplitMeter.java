package io.unpark.analysis.instance;

import io.unpark.analysis.model.TimeSplit;
import io.unpark.trace.GoState;
import java.util.Arrays;
import java.util.TreeMap;

/**
 * Adds up where a request's main goroutine spends its time. Every nanosecond between {@link #start} and the last
 * {@link #until} goes into exactly one class, so that the classes' sum is the wall time.
 */
final class SplitMeter {
    private static final String NOT_TOLD = "unknown";
    private static final String OTHER = "other";

    /** The runtime has about 30 wait reasons (internal/trace, Go 1.26). */
    private static final int MAX_REASONS = 64;

    long markNs;
    private long stwMark;
    long runningNs;
    long runnableNs;
    long syscallNs;
    long assistNs;
    long stoppedNs;
    private String[] reasons = new String[4];
    private long[] reasonNs = new long[4];
    private int reasonCount;

    void clear() {
        runningNs = 0;
        runnableNs = 0;
        syscallNs = 0;
        assistNs = 0;
        stoppedNs = 0;
        reasonCount = 0;
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
            case WAITING -> addBlocked(reason.isEmpty() ? NOT_TOLD : reason, length);
            case UNDETERMINED, NOT_EXIST -> addBlocked(NOT_TOLD, length);
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

    /** Blocked for that reason; a handful of them, so that a look through is cheaper than a map and allocates nothing. */
    void addBlocked(String reason, long ns) {
        for (int i = 0; i < reasonCount; i++) {
            if (reasons[i].equals(reason)) {
                reasonNs[i] += ns;
                return;
            }
        }
        if (reasonCount >= MAX_REASONS && !reason.equals(OTHER)) {
            addBlocked(OTHER, ns);
            return;
        }
        if (reasonCount == reasons.length) {
            reasons = Arrays.copyOf(reasons, 2 * reasonCount);
            reasonNs = Arrays.copyOf(reasonNs, 2 * reasonCount);
        }
        reasons[reasonCount] = reason;
        reasonNs[reasonCount++] = ns;
    }

    /** Adds what {@code other} measured from where this one stopped, and goes on from where that one did. */
    void append(SplitMeter other) {
        runningNs += other.runningNs;
        runnableNs += other.runnableNs;
        syscallNs += other.syscallNs;
        assistNs += other.assistNs;
        stoppedNs += other.stoppedNs;
        for (int i = 0; i < other.reasonCount; i++) {
            addBlocked(other.reasons[i], other.reasonNs[i]);
        }
        markNs = other.markNs;
        stwMark = other.stwMark;
    }

    /** Nanoseconds by wait reason, those without any left out. */
    TreeMap<String, Long> blockedNs() {
        TreeMap<String, Long> blocked = new TreeMap<>();
        for (int i = 0; i < reasonCount; i++) {
            if (reasonNs[i] != 0) {
                blocked.put(reasons[i], reasonNs[i]);
            }
        }
        return blocked;
    }

    TimeSplit split() {
        return new TimeSplit(runningNs, runnableNs, syscallNs, assistNs, stoppedNs, blockedNs());
    }
}
