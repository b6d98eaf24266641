package io.unpark.analysis.instance;

import io.unpark.analysis.model.HopKind;
import io.unpark.analysis.model.Stack;
import java.util.Arrays;

/**
 * The last steps of one goroutine, oldest first: what it did, from when to when, and who ended it. When it is full the two
 * oldest become one, which keeps the nature of the longer: so the whole past is covered, the more coarsely the older it is.
 * What lies between two steps was too short to be kept.
 */
final class StepRing {
    static final int CAPACITY = 12;

    /** Steps shorter than this are not kept one by one. */
    static final long MIN_STEP_NS = 100_000L;

    private static final HopKind[] KINDS = HopKind.values();
    private static final int FIRST = 2;

    private byte[] kinds = new byte[FIRST];
    private boolean[] mixed = new boolean[FIRST];
    private long[] fromNs = new long[FIRST];
    private long[] toNs = new long[FIRST];
    private long[] dominantNs = new long[FIRST];
    private long[] others = new long[FIRST];
    private Stack[] stacks = new Stack[FIRST];
    private Stack[] otherStacks = new Stack[FIRST];
    private String[] reasons = new String[FIRST];
    private String[] spans = new String[FIRST];
    private int size;

    int size() {
        return size;
    }

    HopKind kind(int i) {
        return KINDS[kinds[i]];
    }

    /** It stands for several steps, of which only the longest is described. */
    boolean isMixed(int i) {
        return mixed[i];
    }

    long fromNs(int i) {
        return fromNs[i];
    }

    long toNs(int i) {
        return toNs[i];
    }

    long dominantNs(int i) {
        return dominantNs[i];
    }

    /** Of a wait its waker, of a delay who ran instead. */
    long other(int i) {
        return others[i];
    }

    Stack stack(int i) {
        return stacks[i];
    }

    Stack otherStack(int i) {
        return otherStacks[i];
    }

    String reason(int i) {
        return reasons[i];
    }

    String span(int i) {
        return spans[i];
    }

    /** One more step, not before the end of the last one. */
    void add(HopKind kind, long from, long to, Stack stack, String reason, String span, long other, Stack otherStack) {
        if (size > 0 && continues(kind, from, stack)) {
            toNs[size - 1] = to;
            dominantNs[size - 1] += to - from;
            return;
        }
        append(kind, false, from, to, to - from, stack, reason, span, other, otherStack);
    }

    private boolean continues(HopKind kind, long from, Stack stack) {
        int last = size - 1;
        return kind != HopKind.WAITING
                && kind != HopKind.READY
                && kinds[last] == kind.ordinal()
                && toNs[last] == from
                && !mixed[last]
                && stacks[last] == stack;
    }

    /** As {@link #add}, with everything said. */
    void append(
            HopKind kind,
            boolean isMixed,
            long from,
            long to,
            long dominant,
            Stack stack,
            String reason,
            String span,
            long other,
            Stack otherStack) {
        makeRoom();
        int i = size++;
        kinds[i] = (byte) kind.ordinal();
        mixed[i] = isMixed;
        fromNs[i] = from;
        toNs[i] = to;
        dominantNs[i] = dominant;
        stacks[i] = stack;
        reasons[i] = reason;
        spans[i] = span;
        others[i] = other;
        otherStacks[i] = otherStack;
    }

    private void makeRoom() {
        if (size == CAPACITY) {
            mergeOldest();
        } else if (size == kinds.length) {
            grow(Math.min(CAPACITY, 2 * size));
        }
    }

    private void mergeOldest() {
        long from = fromNs[0];
        if (dominantNs[0] > dominantNs[1]) {
            long to = toNs[1];
            move(0, 1);
            toNs[1] = to;
        }
        fromNs[1] = from;
        mixed[1] = true;
        dropOldest(1);
    }

    /** Forgets what ended at or before a moment. */
    void forgetUntil(long untilNs) {
        int gone = 0;
        while (gone < size && toNs[gone] <= untilNs) {
            gone++;
        }
        dropOldest(gone);
    }

    /** Makes the oldest one, until there are no more than so many. */
    void coarsen(int most) {
        while (size > most) {
            mergeOldest();
        }
    }

    private void dropOldest(int n) {
        if (n == 0) {
            return;
        }
        for (int i = n; i < size; i++) {
            move(i, i - n);
        }
        for (int i = size - n; i < size; i++) {
            stacks[i] = null;
            otherStacks[i] = null;
        }
        size -= n;
    }

    private void move(int from, int to) {
        kinds[to] = kinds[from];
        mixed[to] = mixed[from];
        fromNs[to] = fromNs[from];
        toNs[to] = toNs[from];
        dominantNs[to] = dominantNs[from];
        others[to] = others[from];
        stacks[to] = stacks[from];
        otherStacks[to] = otherStacks[from];
        reasons[to] = reasons[from];
        spans[to] = spans[from];
    }

    private void grow(int capacity) {
        kinds = Arrays.copyOf(kinds, capacity);
        mixed = Arrays.copyOf(mixed, capacity);
        fromNs = Arrays.copyOf(fromNs, capacity);
        toNs = Arrays.copyOf(toNs, capacity);
        dominantNs = Arrays.copyOf(dominantNs, capacity);
        others = Arrays.copyOf(others, capacity);
        stacks = Arrays.copyOf(stacks, capacity);
        otherStacks = Arrays.copyOf(otherStacks, capacity);
        reasons = Arrays.copyOf(reasons, capacity);
        spans = Arrays.copyOf(spans, capacity);
    }
}
