package io.unpark.analysis.model;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Where a request's wall time went, on its main goroutine: each nanosecond is in exactly one class, so that the sum is the
 * wall time. STW counts while the goroutine ran or would have run; blocked stays blocked.
 *
 * @param blockedNs nanoseconds by wait reason as the runtime names it, such as {@code chan receive}
 */
public record TimeSplit(
        long runningNs,
        long runnableNs,
        long syscallNs,
        long gcAssistNs,
        long stopTheWorldNs,
        SortedMap<String, Long> blockedNs) {

    public static final TimeSplit ZERO = new TimeSplit(0, 0, 0, 0, 0, new TreeMap<>());

    public TimeSplit {
        blockedNs = Collections.unmodifiableSortedMap(new TreeMap<>(blockedNs));
    }

    /** Nanoseconds blocked, over all reasons. */
    public long blockedTotalNs() {
        return blockedNs.values().stream().mapToLong(Long::longValue).sum();
    }

    /** The wall time that the classes add up to. */
    public long totalNs() {
        return runningNs + runnableNs + syscallNs + gcAssistNs + stopTheWorldNs + blockedTotalNs();
    }

    /** Both, class by class. */
    public TimeSplit plus(TimeSplit other) {
        TreeMap<String, Long> blocked = new TreeMap<>(blockedNs);
        other.blockedNs.forEach((reason, ns) -> blocked.merge(reason, ns, Long::sum));
        return new TimeSplit(
                runningNs + other.runningNs,
                runnableNs + other.runnableNs,
                syscallNs + other.syscallNs,
                gcAssistNs + other.gcAssistNs,
                stopTheWorldNs + other.stopTheWorldNs,
                blocked);
    }
}
