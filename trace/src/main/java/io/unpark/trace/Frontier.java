package io.unpark.trace;

import java.util.Arrays;

/**
 * The next event of every M that has one, earliest first: a binary heap. Events of different Ms often carry the same time,
 * and later times are pushed on by one nanosecond then; so that the result is Go's to the nanosecond, this heap settles
 * ties as the one of Go's reader does: strict comparisons, the left child before the right, removal through the root.
 */
final class Frontier {
    private static final int INSERTION_SORT_MAX = 12;
    private static final int LOOKED_AT_PER_STEP = 16;
    private static final int SORTED_PER_STEP = 2;

    /** Behind the last lane's time: so the last lane needs no check whether it has one or two below it. */
    private static final long NEVER = Long.MAX_VALUE;

    private Lane[] lanes = new Lane[16];
    private long[] times = new long[2 * 16 + 1];
    private int size;

    Frontier() {
        Arrays.fill(times, NEVER);
    }

    void clear() {
        Arrays.fill(lanes, null);
        Arrays.fill(times, NEVER);
        size = 0;
    }

    int size() {
        return size;
    }

    boolean isEmpty() {
        return size == 0;
    }

    long headTimeNs() {
        return times[0];
    }

    /** Until when the earliest lane may go on before another one is earlier. */
    long nextTimeNs() {
        return Math.min(times[1], times[2]);
    }

    /** The i-th lane of the heap; 0 is the earliest. After {@link #sort} all are in order of time. */
    Lane get(int i) {
        return lanes[i];
    }

    void add(Lane lane) {
        if (size == lanes.length) {
            lanes = Arrays.copyOf(lanes, 2 * size);
            times = Arrays.copyOf(times, 4 * size + 1);
            Arrays.fill(times, 2 * size + 1, times.length, NEVER);
        }
        lanes[size] = lane;
        times[size] = lane.timeNs;
        siftUp(size++);
    }

    /** The i-th lane went on to its next event. */
    void update(int i) {
        times[i] = lanes[i].timeNs;
        if (i == 0 || siftUp(i) == i) {
            siftDown(i);
        }
    }

    /** The i-th lane has no more events. */
    void remove(int i) {
        int hole = i;
        while (hole > 0) {
            swap(hole, parent(hole));
            hole = parent(hole);
        }
        size--;
        swap(0, size);
        lanes[size] = null;
        times[size] = NEVER;
        siftDown(0);
    }

    /** Returns what it cost, as many times as trying an event costs: nothing for the few Ms of most processes. */
    int sort() {
        if (size > INSERTION_SORT_MAX) {
            return mergeSort();
        }
        for (int i = 1; i < size; i++) {
            for (int j = i; j > 0 && times[j] < times[j - 1]; j--) {
                swap(j, j - 1);
            }
        }
        return 0;
    }

    private static int parent(int i) {
        return (i - 1) >> 1;
    }

    private int siftUp(int from) {
        int i = from;
        while (i > 0 && times[parent(i)] > times[i]) {
            swap(i, parent(i));
            i = parent(i);
        }
        return i;
    }

    private void siftDown(int from) {
        if (from >= size) {
            return;
        }
        Lane lane = lanes[from];
        long time = times[from];
        int i = from;
        while (true) {
            int least = 2 * i + 1;
            if (times[least + 1] < times[least]) {
                least++;
            }
            if (times[least] >= time) {
                break;
            }
            lanes[i] = lanes[least];
            times[i] = times[least];
            i = least;
        }
        lanes[i] = lane;
        times[i] = time;
    }

    private void swap(int a, int b) {
        Lane lane = lanes[a];
        lanes[a] = lanes[b];
        lanes[b] = lane;
        long time = times[a];
        times[a] = times[b];
        times[b] = time;
    }

    /** Stable; for processes with many Ms, whose heap is mostly in order already. */
    private int mergeSort() {
        boolean ordered = true;
        for (int i = 1; i < size && ordered; i++) {
            ordered = times[i - 1] <= times[i];
        }
        if (ordered) {
            return size / LOOKED_AT_PER_STEP;
        }
        Arrays.sort(lanes, 0, size, (a, b) -> Long.compare(a.timeNs, b.timeNs));
        for (int i = 0; i < size; i++) {
            times[i] = lanes[i].timeNs;
        }
        return size / SORTED_PER_STEP;
    }
}
