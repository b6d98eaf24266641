package io.unpark.sink.store;

import java.util.Optional;

/**
 * Windows of a service within a time.
 *
 * @param step how long the windows are that are read; what is not rolled up yet is read from below
 * @param sinceNs windows from here on, nanoseconds since 1970 UTC, and {@code untilNs} up to here; rounded outwards to whole steps
 */
public record WindowRange(
        Optional<String> namespace, String service, WindowStep step, long sinceNs, long untilNs, int documentsMax) {
    private static final long RAW_NS = 5 * WindowStep.MINUTE.lengthNs();
    private static final long MINUTES_NS = 120 * WindowStep.MINUTE.lengthNs();
    private static final int DOCUMENTS_MAX = 20_000;

    public WindowRange {
        if (step != WindowStep.RAW) {
            sinceNs = step.startNs(sinceNs);
            untilNs = Math.max(sinceNs, step.startNs(untilNs - 1) + step.lengthNs());
        }
    }

    /** With the step that makes some hundred windows an instance and route of it. */
    public static WindowRange of(Optional<String> namespace, String service, long sinceNs, long untilNs) {
        return new WindowRange(namespace, service, step(untilNs - sinceNs), sinceNs, untilNs, DOCUMENTS_MAX);
    }

    private static WindowStep step(long lengthNs) {
        if (lengthNs <= RAW_NS) {
            return WindowStep.RAW;
        }
        return lengthNs <= MINUTES_NS ? WindowStep.MINUTE : WindowStep.HOUR;
    }

    public WindowRange with(WindowStep other) {
        return new WindowRange(namespace, service, other, sinceNs, untilNs, documentsMax);
    }

    public WindowRange withDocumentsMax(int most) {
        return new WindowRange(namespace, service, step, sinceNs, untilNs, most);
    }
}
