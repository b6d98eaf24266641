package io.unpark.trace;

/**
 * Trace time to wall-clock time, with a bound of its error. Go 1.25 and later write both clocks into each generation;
 * before, all that is known is when the capture was made, and the bound says how little that is.
 *
 * <p>A clock holds for the generation or capture that it was made from, and near it: the bound grows by {@value
 * #DRIFT_PPM} nanoseconds with each millisecond away from there, which is as fast as systems let a wall clock run from
 * the monotonic one. It knows nothing of a wall clock that was set anew.
 *
 * @param fromTraceNs trace time from which on the offset is known
 * @param toTraceNs trace time up to which the offset is known; not before {@code fromTraceNs}
 * @param offsetNs wall clock (nanoseconds since 1970 UTC) minus trace time
 * @param errorNs by how much the offset may be wrong between the two times, either way
 */
public record WallClock(long fromTraceNs, long toTraceNs, long offsetNs, long errorNs) {
    /** Nanoseconds in each millisecond; Linux and NTP slew a clock by no more than 500 millionths. */
    public static final long DRIFT_PPM = 500;

    private static final long MILLION = 1_000_000;

    public WallClock {
        if (toTraceNs < fromTraceNs || errorNs < 0) {
            throw new IllegalArgumentException("from " + fromTraceNs + " to " + toTraceNs + ", error " + errorNs);
        }
    }

    /** The clock that the runtime wrote; its error is that of reading two clocks one after the other, left out here. */
    public static WallClock of(ClockSnapshot snapshot) {
        long at = snapshot.traceNs();
        return new WallClock(at, at, snapshot.wallUnixNs() - at, 0);
    }

    /**
     * The clock of a capture of which it is known between which moments it was made, such as the request to
     * {@code /debug/pprof/trace} and the end of its answer. All events lie between the two, so the offset is known but for
     * the time that the capture's first event came after its beginning and its last one before its end.
     *
     * @param beginUnixNs wall clock before the capture's first event, nanoseconds since 1970 UTC
     * @param endUnixNs wall clock after the capture's last event
     * @param firstNs trace time of the first event
     * @param lastNs trace time of the last event
     * @throws IllegalArgumentException when the events took longer than the capture, beyond what clocks drift: it was not
     *     made between the two moments
     */
    public static WallClock ofCapture(long beginUnixNs, long endUnixNs, long firstNs, long lastNs) {
        long lasted = lastNs - firstNs;
        long slack = endUnixNs - beginUnixNs - lasted;
        if (lasted < 0 || slack < -drift(lasted)) {
            throw new IllegalArgumentException(
                    "events of " + lasted + " ns cannot come from a capture of " + (endUnixNs - beginUnixNs) + " ns");
        }
        long least = beginUnixNs - firstNs;
        return new WallClock(firstNs, lastNs, least + slack / 2, Math.max(slack, 0) / 2 + 1 + drift(lasted));
    }

    /** Wall clock of a moment of the trace, nanoseconds since 1970 UTC. */
    public long unixNs(long traceNs) {
        return traceNs + offsetNs;
    }

    /** By how many nanoseconds {@link #unixNs} may be wrong, either way. */
    public long errorNs(long traceNs) {
        long away = Math.max(0, Math.max(fromTraceNs - traceNs, traceNs - toTraceNs));
        return errorNs + drift(away);
    }

    private static long drift(long ns) {
        return ns / MILLION * DRIFT_PPM + ns % MILLION * DRIFT_PPM / MILLION;
    }
}
