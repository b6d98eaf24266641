package io.unpark.trace;

import io.unpark.trace.TraceFormatException.Reason;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * One generation, indexed whole before any of its events is looked at: its batches by M, its tables, its clock. Batches
 * may come in any order. One object serves generation after generation.
 */
final class Generation implements GenerationTables {
    private final int goMinor;
    private final TraceLimits limits;
    private final ByteCursor cursor = new ByteCursor();
    private final StringTable strings = new StringTable();
    private final StackTable stacks = new StackTable();
    private final TraceClock clock = new TraceClock();
    private final CpuSamples samples = new CpuSamples();

    private byte[] data = new byte[0];
    private int length;
    private long generation;
    private long minTicks;

    private int[] starts = new int[64];
    private int[] ends = new int[64];
    private int[] next = new int[64];
    private long[] ticks = new long[64];
    private int batches;

    private final Lanes lanesByM = new Lanes();
    private final Lane laneWithoutM = new Lane(this);
    /** Those that have batches. */
    private final List<Lane> lanes = new ArrayList<>();

    Generation(int goMinor, TraceLimits limits) {
        this.goMinor = goMinor;
        this.limits = limits;
    }

    /** Indexes the bytes from {@code from} to {@code to}, which must be exactly one generation. */
    void index(byte[] bytes, int from, int to) throws TraceFormatException {
        clear(bytes);
        BatchHeader header = new BatchHeader();
        int pos = from;
        boolean ended = false;
        while (pos < to) {
            if (ended) {
                throw new TraceFormatException(
                        Reason.CORRUPT, pos, generation, "bytes after the end of the generation");
            }
            header.parse(bytes, pos, to, goMinor);
            if (header.endOfGeneration()) {
                ended = true;
            } else {
                checkFraming(header, pos);
                addBatch(header);
            }
            pos = header.end();
        }
        finish(to, ended);
        length = to - from;
    }

    private void clear(byte[] bytes) {
        data = bytes;
        generation = 0;
        minTicks = 0;
        batches = 0;
        strings.clear();
        stacks.clear();
        clock.clear();
        samples.clear();
        lanesByM.clear();
        laneWithoutM.forget();
        lanes.clear();
    }

    private void checkFraming(BatchHeader header, int pos) throws TraceFormatException {
        if (header.status() != BatchHeader.Status.WHOLE) {
            throw new TraceFormatException(Reason.TRUNCATED, pos, generation, "the last batch is cut");
        }
        if (batches == 0 && generation == 0) {
            generation = header.generation();
        }
        if (header.generation() != generation || generation == 0) {
            throw new TraceFormatException(
                    Reason.CORRUPT,
                    pos,
                    generation,
                    "a batch of generation " + Long.toUnsignedString(header.generation()) + " inside generation "
                            + Long.toUnsignedString(generation));
        }
    }

    private void addBatch(BatchHeader header) throws TraceFormatException {
        if (minTicks == 0 || Long.compareUnsigned(header.ticks(), minTicks) < 0) {
            minTicks = header.ticks();
        }
        if (header.experiment() != 0) {
            return;
        }
        int start = header.dataStart();
        ByteCursor in = cursor.over(data, start + 1, header.end(), generation);
        int first = start < header.end() ? data[start] & 0xff : 0;
        if (first == WireEvent.STRINGS.code) {
            strings.readBatch(in, data, limits.maxStrings());
        } else if (first == WireEvent.STACKS.code) {
            stacks.readBatch(in, limits);
        } else if (first == WireEvent.CPU_SAMPLES.code) {
            samples.readBatch(in, limits.maxCpuSamples());
        } else if (first == WireEvent.SYNC.code && goMinor >= 25) {
            clock.readBatch(in, header.ticks(), true);
        } else if (first == WireEvent.FREQUENCY.code && goMinor < 25) {
            clock.readBatch(cursor.over(data, start, header.end(), generation), header.ticks(), false);
        } else {
            addEvents(header);
        }
    }

    private void addEvents(BatchHeader header) throws TraceFormatException {
        if (batches >= limits.maxBatches()) {
            throw cursor.limit("batches in one generation", limits.maxBatches());
        }
        if (batches == starts.length) {
            growBatches(2 * batches);
        }
        int number = batches++;
        starts[number] = header.dataStart();
        ends[number] = header.end();
        ticks[number] = header.ticks();
        Lane lane = header.m() == EventContext.NONE ? laneWithoutM : lanesByM.find(header.m());
        if (lane == null || lane.firstBatch == Lane.NO_BATCH) {
            begin(header.m(), number);
        } else {
            next[lane.lastBatch] = number;
            lane.lastBatch = number;
        }
    }

    private void begin(long m, int batch) throws TraceFormatException {
        if (lanes.size() >= limits.maxThreads()) {
            throw cursor.limit("threads", limits.maxThreads());
        }
        Lane lane = m == EventContext.NONE ? laneWithoutM : lanesByM.add(m);
        lane.firstBatch = batch;
        lane.lastBatch = batch;
        lanes.add(lane);
    }

    private final class Lanes extends IdTable<Lane> {
        @Override
        Lane create() {
            return new Lane(Generation.this);
        }
    }

    private void growBatches(int capacity) {
        starts = Arrays.copyOf(starts, capacity);
        ends = Arrays.copyOf(ends, capacity);
        next = Arrays.copyOf(next, capacity);
        ticks = Arrays.copyOf(ticks, capacity);
    }

    private void finish(int to, boolean ended) throws TraceFormatException {
        if (goMinor >= 26 && !ended) {
            throw new TraceFormatException(Reason.TRUNCATED, to, generation, "the generation has no EndOfGeneration");
        }
        if (!clock.known()) {
            throw incomplete(to, ended, "a Frequency");
        }
        if (goMinor >= 25 && !clock.hasSnapshot()) {
            throw incomplete(to, ended, "a ClockSnapshot");
        }
        clock.complete();
        if (!stacks.namesAreIn(strings)) {
            throw incomplete(to, ended, "a string that a stack frame names");
        }
        samples.sort(clock);
    }

    /** Something every generation has: where nothing marks its end, the rest was cut off. */
    private TraceFormatException incomplete(int at, boolean ended, String what) {
        Reason reason = ended ? Reason.CORRUPT : Reason.TRUNCATED;
        return new TraceFormatException(reason, at, generation, "the generation is not whole: it lacks " + what);
    }

    byte[] data() {
        return data;
    }

    /** Bytes of the whole generation. */
    int length() {
        return length;
    }

    List<Lane> lanes() {
        return lanes;
    }

    CpuSamples samples() {
        return samples;
    }

    TraceClock rate() {
        return clock;
    }

    StringTable strings() {
        return strings;
    }

    StackTable stacks() {
        return stacks;
    }

    /** When the generation's first batch began, in nanoseconds. */
    long beginNs() {
        return clock.toNs(minTicks);
    }

    int batchStart(int number) {
        return starts[number];
    }

    int batchEnd(int number) {
        return ends[number];
    }

    long batchTicks(int number) {
        return ticks[number];
    }

    int nextBatch(int number) {
        return next[number];
    }

    @Override
    public long generation() {
        return generation;
    }

    @Override
    public int goMinor() {
        return goMinor;
    }

    @Override
    public String string(int id) {
        return strings.string(id);
    }

    @Override
    public byte[] bytes(int id) {
        return strings.bytes(id);
    }

    @Override
    public int frameCount(int stack) {
        return stacks.depth(stack);
    }

    @Override
    public String function(int stack, int frame) {
        return strings.string(strings.ordinal(stacks.functionId(stack, frame)));
    }

    @Override
    public String file(int stack, int frame) {
        return strings.string(strings.ordinal(stacks.fileId(stack, frame)));
    }

    @Override
    public int line(int stack, int frame) {
        return stacks.line(stack, frame);
    }

    @Override
    public long pc(int stack, int frame) {
        return stacks.pc(stack, frame);
    }

    @Override
    public ClockSnapshot clock() {
        return clock.snapshot();
    }
}
