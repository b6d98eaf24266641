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

    /** Of each step: from, to, how long the described part was, who else; the step's kind, and whether it is several. */
    private static final int NUMBERS = 5;

    private static final int TO = 1;
    private static final int DOMINANT = 2;
    private static final int OTHER = 3;
    private static final int KIND = 4;
    private static final long MIXED = 1L << 32;

    /** Of each step: where, where the other one was, why, and in which call. */
    private static final int OBJECTS = 4;

    private static final int OTHER_STACK = 1;
    private static final int REASON = 2;
    private static final int SPAN = 3;

    private long[] numbers = new long[NUMBERS * FIRST];
    private Object[] objects = new Object[OBJECTS * FIRST];
    private int capacity = FIRST;

    /** The oldest step's place; the others follow it, around the end. */
    private int oldest;

    private int size;

    int size() {
        return size;
    }

    HopKind kind(int i) {
        return KINDS[(int) numbers[number(i) + KIND]]; // without the flag, which lies in the upper half
    }

    /** It stands for several steps, of which only the longest is described. */
    boolean isMixed(int i) {
        return (numbers[number(i) + KIND] & MIXED) != 0;
    }

    long fromNs(int i) {
        return numbers[number(i)];
    }

    long toNs(int i) {
        return numbers[number(i) + TO];
    }

    long dominantNs(int i) {
        return numbers[number(i) + DOMINANT];
    }

    /** Of a wait its waker, of a delay who ran instead. */
    long other(int i) {
        return numbers[number(i) + OTHER];
    }

    Stack stack(int i) {
        return (Stack) objects[object(i)];
    }

    Stack otherStack(int i) {
        return (Stack) objects[object(i) + OTHER_STACK];
    }

    String reason(int i) {
        return (String) objects[object(i) + REASON];
    }

    String span(int i) {
        return (String) objects[object(i) + SPAN];
    }

    private int place(int i) {
        int place = oldest + i;
        return place < capacity ? place : place - capacity;
    }

    private int number(int i) {
        return NUMBERS * place(i);
    }

    private int object(int i) {
        return OBJECTS * place(i);
    }

    /** One more step, not before the end of the last one. */
    void add(HopKind kind, long from, long to, Stack stack, String reason, String span, long other, Stack otherStack) {
        if (size > 0 && continues(kind, from, stack)) {
            int last = number(size - 1);
            numbers[last + TO] = to;
            numbers[last + DOMINANT] += to - from;
            return;
        }
        append(kind, false, from, to, to - from, stack, reason, span, other, otherStack);
    }

    private boolean continues(HopKind kind, long from, Stack stack) {
        int last = number(size - 1);
        return kind != HopKind.WAITING
                && kind != HopKind.READY
                && numbers[last + KIND] == kind.ordinal() // and not mixed
                && numbers[last + TO] == from
                && objects[object(size - 1)] == stack;
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
        int n = number(i);
        numbers[n] = from;
        numbers[n + TO] = to;
        numbers[n + DOMINANT] = dominant;
        numbers[n + OTHER] = other;
        numbers[n + KIND] = kind.ordinal() | (isMixed ? MIXED : 0);
        int o = object(i);
        objects[o] = stack;
        objects[o + OTHER_STACK] = otherStack;
        objects[o + REASON] = reason;
        objects[o + SPAN] = span;
    }

    private void makeRoom() {
        if (size == CAPACITY) {
            mergeOldest();
        } else if (size == capacity) {
            grow(Math.min(CAPACITY, 2 * size));
        }
    }

    private void mergeOldest() {
        int first = number(0);
        int second = number(1);
        long from = numbers[first];
        if (numbers[first + DOMINANT] > numbers[second + DOMINANT]) {
            long to = numbers[second + TO];
            System.arraycopy(numbers, first, numbers, second, NUMBERS);
            System.arraycopy(objects, object(0), objects, object(1), OBJECTS);
            numbers[second + TO] = to;
        }
        numbers[second] = from;
        numbers[second + KIND] |= MIXED;
        dropOldest(1);
    }

    /** Forgets what ended at or before a moment. */
    void forgetUntil(long untilNs) {
        int gone = 0;
        while (gone < size && toNs(gone) <= untilNs) {
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
        for (int i = 0; i < n; i++) {
            int o = object(i);
            Arrays.fill(objects, o, o + OBJECTS, null);
        }
        oldest = place(n);
        size -= n;
    }

    private void grow(int wider) {
        long[] moreNumbers = new long[NUMBERS * wider];
        Object[] moreObjects = new Object[OBJECTS * wider];
        for (int i = 0; i < size; i++) {
            System.arraycopy(numbers, number(i), moreNumbers, NUMBERS * i, NUMBERS);
            System.arraycopy(objects, object(i), moreObjects, OBJECTS * i, OBJECTS);
        }
        numbers = moreNumbers;
        objects = moreObjects;
        capacity = wider;
        oldest = 0;
    }
}
