package io.unpark.trace;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** The CPU profile samples of one generation, in time order. Few (100 a second and P), so objects are good enough. */
final class CpuSamples {
    /**
     * One sample, ids as on the wire.
     *
     * @param ticks the trace clock, not yet nanoseconds
     */
    record Sample(long ticks, long m, long p, long g, long stackId) {}

    private final List<Sample> samples = new ArrayList<>();
    private int next;

    void clear() {
        samples.clear();
        next = 0;
    }

    /** Reads a batch whose first byte, already consumed, was CPUSamples. */
    void readBatch(ByteCursor in, int limit) throws TraceFormatException {
        while (in.hasMore()) {
            int type = in.readByte("a CPU sample");
            if (type != WireEvent.CPU_SAMPLE.code) {
                throw in.corrupt("expected a CPUSample in a batch of samples, found " + WireEvent.describe(type));
            }
            if (samples.size() >= limit) {
                throw in.limit("CPU samples in one generation", limit);
            }
            long ticks = in.readVarint("a sample's time");
            long m = in.readVarint("a sample's M");
            long p = in.readVarint("a sample's P");
            long g = in.readVarint("a sample's goroutine");
            long stackId = in.readVarint("a sample's stack");
            samples.add(new Sample(ticks, m, p, g == 0 ? EventContext.NONE : g, stackId));
        }
    }

    void sort(TraceClock clock) {
        // A class: the machinery behind a process's first lambda takes longer than reading a small recording.
        samples.sort(new Comparator<>() {
            @Override
            public int compare(Sample a, Sample b) {
                return Long.compare(clock.toNs(a.ticks()), clock.toNs(b.ticks()));
            }
        });
    }

    boolean hasNext() {
        return next < samples.size();
    }

    Sample peek() {
        return samples.get(next);
    }

    Sample poll() {
        return samples.get(next++);
    }
}
