package io.unpark.trace;

/**
 * A stretch of what a decoder told, as numbers: each event is a run of words in one array, so that it is written and read
 * from front to back. What is an object (the names of ranges and metrics, the tables) lies beside them in the same order.
 */
final class EventBlock {
    /** Of each event: its kind and the stack, time, goroutine, M, P. */
    static final int CONTEXT_WORDS = 5;

    /** Most words of one event: the context, and an experimental one's arguments with their number. */
    static final int MAX_EVENT_WORDS = CONTEXT_WORDS + 1 + WireEvent.MAX_ARGS;

    /** Most objects of one event. */
    static final int MAX_EVENT_NAMES = 2;

    /** About 8,000 events, half a megabyte: a few of them stay in a processor's cache. */
    private static final int WORDS = 1 << 16;

    private static final int NAMES = 1 << 12;

    /** What an event is; the number in its first word. */
    static final int BEGIN = 0;

    static final int END = 1;
    static final int SYNC = 2;
    static final int GOROUTINE = 3;
    static final int PROC = 4;
    static final int RANGE_BEGIN = 5;
    static final int RANGE_ACTIVE = 6;
    static final int RANGE_END = 7;
    static final int METRIC = 8;
    static final int LABEL = 9;
    static final int SAMPLE = 10;
    static final int TASK_BEGIN = 11;
    static final int TASK_END = 12;
    static final int REGION_BEGIN = 13;
    static final int REGION_END = 14;
    static final int LOG = 15;
    static final int EXPERIMENTAL = 16;

    final long[] words = new long[WORDS];
    final Object[] names = new Object[NAMES];
    int wordCount;
    int nameCount;

    /** Nothing follows: the generation was told whole, or {@link #failure} says why not. */
    boolean last;

    Throwable failure;

    void clear() {
        java.util.Arrays.fill(names, 0, nameCount, null);
        wordCount = 0;
        nameCount = 0;
        last = false;
        failure = null;
    }

    boolean hasRoom() {
        return wordCount + MAX_EVENT_WORDS <= WORDS && nameCount + MAX_EVENT_NAMES <= NAMES;
    }

    /** The first word: kind, two small numbers (states, a scope), and the context's stack. */
    static long head(int kind, int from, int to, int stack) {
        return (long) stack << 32 | (long) to << 16 | (long) from << 8 | kind;
    }

    static int kind(long head) {
        return (int) head & 0xff;
    }

    static int from(long head) {
        return (int) (head >>> 8) & 0xff;
    }

    static int to(long head) {
        return (int) (head >>> 16) & 0xff;
    }

    static int stack(long head) {
        return (int) (head >>> 32);
    }

    /** Two ids in one word. */
    static long pair(int high, int low) {
        return (long) high << 32 | low & 0xffffffffL;
    }

    static int high(long pair) {
        return (int) (pair >>> 32);
    }

    static int low(long pair) {
        return (int) pair;
    }
}
