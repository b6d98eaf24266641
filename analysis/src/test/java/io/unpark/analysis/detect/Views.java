package io.unpark.analysis.detect;

import io.unpark.analysis.Samples;
import io.unpark.analysis.config.AnalysisConfig;
import io.unpark.analysis.model.Histogram;
import io.unpark.analysis.model.RuntimeWindow;
import io.unpark.analysis.model.Stack;
import io.unpark.analysis.place.UserCode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A process at the end of a generation of one second, with two Ps that were busy for {@link #busyMs}. */
final class Views {
    static final long MS = 1_000_000L;
    static final long START_NS = 1_763_856_000_000_000_000L;

    long busyMs = 1_800;
    long gcWorkerMs;
    long gcAssistMs;
    long gcCycles;
    long[] schedLatency = new long[Histogram.BUCKETS];
    final List<StuckGroup> stuck = new ArrayList<>();
    final List<ProcessView.LockWaits> locks = new ArrayList<>();
    Map<Stack, Long> assists = Map.of();
    Map<Stack, Long> hogs = Map.of();
    Pauses pauses = Pauses.NONE;
    List<Surge> surges = List.of();
    HeapSeries heap = new HeapSeries(List.of(), 0);

    static Views process() {
        return new Views();
    }

    static Views stuck(StuckGroup... groups) {
        Views views = new Views();
        views.stuck.addAll(List.of(groups));
        return views;
    }

    Views lock(ProcessView.LockWaits lock) {
        locks.add(lock);
        return this;
    }

    Views gc(long cycles, long workerMs, long assistMs) {
        gcCycles = cycles;
        gcWorkerMs = workerMs;
        gcAssistMs = assistMs;
        return this;
    }

    Views busy(long ms) {
        busyMs = ms;
        return this;
    }

    /** So many goroutines were ready for so long before they ran. */
    Views ready(long count, long durationNs) {
        schedLatency[Histogram.bucket(durationNs)] += count;
        return this;
    }

    ProcessView build() {
        RuntimeWindow window = new RuntimeWindow(
                Samples.instance("orders-1"),
                "c1",
                3,
                START_NS,
                START_NS + 1_000 * MS,
                100,
                new TreeMap<>(),
                new TreeMap<>(),
                Histogram.of(schedLatency),
                gcWorkerMs * MS,
                gcAssistMs * MS,
                gcCycles,
                0,
                0,
                1 << 20,
                2 << 20,
                2,
                busyMs * MS);
        return new ProcessView(
                AnalysisConfig.DEFAULTS,
                UserCode.standard(),
                window,
                List.copyOf(stuck),
                locks,
                assists,
                hogs,
                heap,
                pauses,
                surges);
    }
}
