package io.unpark.analysis.detect;

import java.util.List;

/** The detectors of one instance, by name. (Races are judged in {@code race}, calls between services in {@code request}.) */
public final class Detectors {
    public static final List<ProcessDetector> PROCESS = List.of(
            new GoroutineLeak(),
            new GoroutineSurge(),
            new MutexContention(),
            new SchedLatency(),
            new GcPressure(),
            new StwPause(),
            new HeapGrowth());

    public static final List<RequestDetector> REQUEST =
            List.of(new BlockedTooLong(), new DetachedCall(), new WorkAfterDeadline());

    private Detectors() {}
}
