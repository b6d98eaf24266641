package io.unpark.analysis.instance;

import io.unpark.trace.ClockSnapshot;

/**
 * Trace time to wall clock. One offset holds for a whole capture, so that durations on both clocks are equal; the drift
 * between the two over a capture is far below what is judged.
 */
final class TraceClock {
    static final long UNKNOWN = Long.MIN_VALUE;

    private long offsetNs = UNKNOWN;

    boolean known() {
        return offsetNs != UNKNOWN;
    }

    /** Takes the first clock that a capture offers. */
    void offer(ClockSnapshot snapshot) {
        if (!known() && snapshot != null) {
            offsetNs = snapshot.wallUnixNs() - snapshot.traceNs();
        }
    }

    /** Without a clock in the format: the shipper saw the end of the generation at that moment. */
    void offerCapture(long lastEventNs, long capturedUnixNs) {
        if (!known() && capturedUnixNs > 0) {
            offsetNs = capturedUnixNs - lastEventNs;
        }
    }

    void reset() {
        offsetNs = UNKNOWN;
    }

    long offsetNs() {
        return offsetNs;
    }

    void restore(long offset) {
        offsetNs = offset;
    }

    /**
     * Nanoseconds since 1970 UTC; without any clock the trace's own time, so that durations still hold. What is shown to
     * people then has no time at all: see {@link Ledger}.
     */
    long wall(long traceNs) {
        return known() ? traceNs + offsetNs : traceNs;
    }

    /** The trace time of a wall clock time; {@link #UNKNOWN} when there is no clock. */
    long trace(long wallNs) {
        return known() ? wallNs - offsetNs : UNKNOWN;
    }
}
