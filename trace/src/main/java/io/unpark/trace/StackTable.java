package io.unpark.trace;

import java.util.Arrays;

/**
 * The stacks of one generation, by ordinal from 1; 0 is "no stack". A stack is a run of frame numbers; a frame is known by
 * its program counter, and the first description of a program counter holds for all stacks, as in Go's reader.
 */
final class StackTable {
    private final IdIndex index = new IdIndex();
    private int[] starts = new int[256];
    private int[] depths = new int[256];
    private int count;

    private int[] frameRefs = new int[1024];
    private int refCount;

    private final LongSlots pcs = new LongSlots();
    private long[] functions = new long[256];
    private long[] files = new long[256];
    private long[] lines = new long[256];

    void clear() {
        index.clear();
        pcs.clear();
        count = 0;
        refCount = 0;
    }

    /** Reads a batch whose first byte, already consumed, was Stacks. */
    void readBatch(ByteCursor in, TraceLimits limits) throws TraceFormatException {
        while (in.hasMore()) {
            int type = in.readByte("a stack");
            if (type != WireEvent.STACK.code) {
                throw in.corrupt("expected a Stack in a batch of stacks, found " + WireEvent.describe(type));
            }
            long id = in.readVarint("a stack's id");
            long depth = in.readVarint("a stack's depth");
            if (depth < 0 || depth > TraceLimits.MAX_STACK_DEPTH) {
                throw in.corrupt("a stack of " + Long.toUnsignedString(depth) + " frames; the maximum is "
                        + TraceLimits.MAX_STACK_DEPTH);
            }
            if (id == 0 || id == LongSlots.NO_ID || index.find(id) != 0) {
                throw in.corrupt("stack id " + Long.toUnsignedString(id) + " is not free");
            }
            if (count >= limits.maxStacks()) {
                throw in.limit("stacks in one generation", limits.maxStacks());
            }
            int ordinal = append((int) depth);
            for (int i = 0; i < depth; i++) {
                frameRefs[refCount++] = readFrame(in, limits.maxFrames());
            }
            index.put(id, ordinal);
        }
    }

    /** Whether every function and file name is in the string table, which may come after the stacks. */
    boolean namesAreIn(StringTable strings) {
        for (int frame = 0; frame < pcs.size(); frame++) {
            if (strings.ordinal(functions[frame]) == LongSlots.ABSENT
                    || strings.ordinal(files[frame]) == LongSlots.ABSENT) {
                return false;
            }
        }
        return true;
    }

    /** The ordinal of a stack id: 0 for id 0, {@link LongSlots#ABSENT} when the table lacks it. */
    int ordinal(long id) {
        if (id == 0) {
            return 0;
        }
        int ordinal = index.find(id);
        return ordinal == 0 ? LongSlots.ABSENT : ordinal;
    }

    int depth(int ordinal) {
        return ordinal == 0 ? 0 : depths[ordinal];
    }

    long pc(int ordinal, int frame) {
        return pcs.id(ref(ordinal, frame));
    }

    long functionId(int ordinal, int frame) {
        return functions[ref(ordinal, frame)];
    }

    long fileId(int ordinal, int frame) {
        return files[ref(ordinal, frame)];
    }

    int line(int ordinal, int frame) {
        long line = lines[ref(ordinal, frame)];
        return line < 0 || line > Integer.MAX_VALUE ? Integer.MAX_VALUE : (int) line;
    }

    private int ref(int ordinal, int frame) {
        if (ordinal == 0 || frame < 0 || frame >= depths[ordinal]) {
            throw new IndexOutOfBoundsException("frame " + frame + " of stack " + ordinal);
        }
        return frameRefs[starts[ordinal] + frame];
    }

    private int append(int depth) {
        int ordinal = ++count;
        if (ordinal == starts.length) {
            starts = Arrays.copyOf(starts, 2 * ordinal);
            depths = Arrays.copyOf(depths, 2 * ordinal);
        }
        if (refCount + depth > frameRefs.length) {
            frameRefs = Arrays.copyOf(frameRefs, 2 * frameRefs.length);
        }
        starts[ordinal] = refCount;
        depths[ordinal] = depth;
        return ordinal;
    }

    private int readFrame(ByteCursor in, int limit) throws TraceFormatException {
        long pc = in.readVarint("a frame's program counter");
        long function = in.readVarint("a frame's function");
        long file = in.readVarint("a frame's file");
        long line = in.readVarint("a frame's line");
        if (pc == LongSlots.NO_ID) {
            throw in.corrupt("a frame at program counter 2^64-1");
        }
        int known = pcs.find(pc);
        if (known != LongSlots.ABSENT) {
            return known;
        }
        if (pcs.size() >= limit) {
            throw in.limit("distinct frames in one generation", limit);
        }
        int frame = pcs.add(pc);
        if (frame == functions.length) {
            functions = Arrays.copyOf(functions, 2 * frame);
            files = Arrays.copyOf(files, 2 * frame);
            lines = Arrays.copyOf(lines, 2 * frame);
        }
        functions[frame] = function;
        files[frame] = file;
        lines[frame] = line;
        return frame;
    }
}
