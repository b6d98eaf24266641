package io.unpark.trace;

/** Ticks to nanoseconds, and the snapshot of the other clocks, for one generation. */
final class TraceClock {
    /** Seconds whose nanoseconds fit 64 bits, until the year 2262. */
    private static final long MAX_UNIX_SECONDS = 9_000_000_000L;
    /** Differences of times that take one byte. */
    private static final int FEW = 128;

    private double nsPerTick;
    /** What {@link #toNs} makes of so many ticks. */
    private final long[] nsOfFew = new long[FEW];

    private boolean known;
    private ClockSnapshot snapshot;
    private long snapshotTicks;
    private long snapshotMonotonicNs;
    private long snapshotWallUnixNs;
    private boolean hasSnapshot;

    void clear() {
        known = false;
        hasSnapshot = false;
        snapshot = null;
    }

    /** Each difference of times is converted and cut to whole nanoseconds by itself, as Go's reader does. */
    long toNs(long ticks) {
        return (long) (toDouble(ticks) * nsPerTick);
    }

    /**
     * By ticks: {@link #toNs} of the numbers of one byte. Which M goes on hangs on this, and a look at a table is over sooner than
     * the conversion.
     */
    long[] nsOfFew() {
        return nsOfFew;
    }

    boolean known() {
        return known;
    }

    boolean hasSnapshot() {
        return hasSnapshot;
    }

    /** Null when the format has none. */
    ClockSnapshot snapshot() {
        return snapshot;
    }

    /** Reads the sync batch: Frequency, and from Go 1.25 on ClockSnapshot, in any order. */
    void readBatch(ByteCursor in, long batchTicks, boolean withSnapshot) throws TraceFormatException {
        long ticks = batchTicks;
        while (in.hasMore()) {
            int type = in.readByte("a frequency");
            if (type == WireEvent.FREQUENCY.code) {
                readFrequency(in);
            } else if (type == WireEvent.CLOCK_SNAPSHOT.code && withSnapshot) {
                ticks += in.readVarint("the snapshot's time");
                readSnapshot(in, ticks);
            } else {
                throw in.corrupt("expected Frequency or ClockSnapshot, found " + WireEvent.describe(type));
            }
        }
    }

    /** The frequency may come after the snapshot: called when both were read. */
    void complete() {
        if (hasSnapshot) {
            snapshot = new ClockSnapshot(toNs(snapshotTicks), snapshotMonotonicNs, snapshotWallUnixNs);
        }
    }

    private void readFrequency(ByteCursor in) throws TraceFormatException {
        if (known) {
            throw in.corrupt("a second Frequency in one generation");
        }
        long ticksPerSecond = in.readVarint("the frequency");
        if (ticksPerSecond == 0) {
            throw in.corrupt("a Frequency of 0");
        }
        nsPerTick = 1.0 / (toDouble(ticksPerSecond) / 1e9);
        for (int i = 0; i < FEW; i++) {
            nsOfFew[i] = toNs(i);
        }
        known = true;
    }

    private void readSnapshot(ByteCursor in, long ticks) throws TraceFormatException {
        if (hasSnapshot) {
            throw in.corrupt("a second ClockSnapshot in one generation");
        }
        hasSnapshot = true;
        snapshotTicks = ticks;
        snapshotMonotonicNs = in.readVarint("the monotonic clock");
        long seconds = in.readVarint("the wall clock's seconds");
        long nanos = in.readVarint("the wall clock's nanoseconds");
        if (seconds < 0 || seconds > MAX_UNIX_SECONDS || nanos < 0 || nanos >= 1_000_000_000L) {
            throw in.corrupt("a wall clock that no machine shows");
        }
        snapshotWallUnixNs = seconds * 1_000_000_000L + nanos;
    }

    private static double toDouble(long unsigned) {
        if (unsigned >= 0) {
            return unsigned;
        }
        // Halved with the lost bit kept, so that rounding is that of the whole number.
        return 2.0 * ((unsigned >>> 1) | (unsigned & 1));
    }
}
