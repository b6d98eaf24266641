package io.unpark.trace;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** What is going on on one goroutine: GC assist, stop-the-world pauses, user regions. */
final class Intervals {
    private static final int INITIAL_DEPTH = 4;

    boolean markAssist;
    private final List<String> pauses = new ArrayList<>(1);

    // Regions are compared by content: the id of a name changes from generation to generation.
    private long[] regionTasks = new long[INITIAL_DEPTH];
    private byte[][] regionNames = new byte[INITIAL_DEPTH][];
    private int depth;
    private long nameBytes;

    int pauses() {
        return pauses.size();
    }

    /** False when such a pause is going on already. */
    boolean beginPause(String name) {
        return !pauses.contains(name) && pauses.add(name);
    }

    /** The name of the pause that ends, null when there is none. */
    String endPause() {
        if (pauses.isEmpty()) {
            return null;
        }
        String ended = pauses.get(0);
        pauses.set(0, pauses.get(pauses.size() - 1));
        pauses.remove(pauses.size() - 1);
        return ended;
    }

    int depth() {
        return depth;
    }

    void beginRegion(long task, byte[] name) {
        if (depth == regionTasks.length) {
            regionTasks = Arrays.copyOf(regionTasks, 2 * depth);
            regionNames = Arrays.copyOf(regionNames, 2 * depth);
        }
        regionTasks[depth] = task;
        regionNames[depth++] = name;
        nameBytes += name.length;
    }

    /** Bytes of the names of the regions that are open. */
    long nameBytes() {
        return nameBytes;
    }

    /** False when another region is the innermost. A region that began before the trace is not known and may end. */
    boolean endRegion(long task, byte[] name) {
        if (depth == 0) {
            return true;
        }
        byte[] innermost = regionNames[depth - 1];
        if (regionTasks[depth - 1] != task || !(innermost == name || Arrays.equals(innermost, name))) {
            return false;
        }
        nameBytes -= innermost.length;
        regionNames[--depth] = null;
        return true;
    }
}
