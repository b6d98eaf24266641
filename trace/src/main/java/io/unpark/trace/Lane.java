package io.unpark.trace;

import io.unpark.trace.TraceFormatException.Reason;
import java.nio.ByteBuffer;

/**
 * One M's events of a generation, in the order of its batches. They are decoded ahead, a window of rows of numbers at a time,
 * which is quick because nothing else is done meanwhile. A fault waits until the events before it had their turn.
 */
final class Lane {
    /** An M may have few events, or none: its window grows with what it has. */
    private static final int FIRST_WINDOW = 4;

    private static final int MAX_WINDOW = 256;

    // A row of the window: when, where and what, the first three arguments as far as the event has any.
    private static final int TIME = 0;
    private static final int PLACE = 1;
    private static final int ARGS = 2;
    private static final int ROW = 5;
    private static final int ARGS_IN_ROW = ROW - ARGS;
    private static final long[] NO_ROWS = {};

    private static final int TYPE_BITS = 8;
    private static final int TYPE_MASK = (1 << TYPE_BITS) - 1;

    private final Generation source;
    private byte[] data;
    private int pos;
    private int end;
    private int batch;
    private long decodedNs;

    private long[] rows = NO_ROWS;
    private int filled;
    private int row;
    private TraceFormatException fault;

    /** The M, or {@link EventContext#NONE}. */
    long m;
    /** Its slot in {@link Threads}; absent until its first event is tried. */
    int thread;
    /** First and last batch: numbers in {@link Generation}. */
    int firstBatch;

    int lastBatch;

    /** When the event at hand happened. */
    long timeNs;

    Lane(Generation source) {
        this.source = source;
    }

    void reset(long ofM, int ofBatch) {
        m = ofM;
        thread = LongSlots.ABSENT;
        firstBatch = ofBatch;
        lastBatch = ofBatch;
        filled = 0;
        row = 0;
        fault = null;
    }

    /** Lets go of the generation's bytes, which an unused lane would keep. */
    void release() {
        data = null;
    }

    /** Goes to the first event; false when the M has none. */
    boolean start() throws TraceFormatException {
        data = source.data();
        enter(firstBatch);
        row = -ROW;
        return advance();
    }

    /** Goes to the next event; false when the M has no more. */
    boolean advance() throws TraceFormatException {
        row += ROW;
        if (row >= filled && !fill()) {
            return false;
        }
        timeNs = rows[row + TIME];
        return true;
    }

    /** Wire code of the event at hand. */
    int code() {
        return (int) rows[row + PLACE] & TYPE_MASK;
    }

    WireEvent event() {
        return WireEvent.ofCode(code());
    }

    /** Where the event at hand stands in the generation. */
    int offset() {
        return (int) (rows[row + PLACE] >>> TYPE_BITS);
    }

    /** Arguments of the event at hand; what it does not have is any number. */
    long arg0() {
        return rows[row + ARGS];
    }

    long arg1() {
        return rows[row + ARGS + 1];
    }

    long arg2() {
        return rows[row + ARGS + 2];
    }

    /** Only rare events have a fourth, which is not kept. */
    long arg3() {
        int at = offset() + 1;
        for (int skipped = 0; skipped <= ARGS_IN_ROW; at++) {
            skipped += data[at] >= 0 ? 1 : 0;
        }
        return number(at);
    }

    /** A number that was found to be whole. */
    private long number(int at) {
        long value = 0;
        for (int i = at, shift = 0; ; i++, shift += 7) {
            value |= (data[i] & 0x7fL) << shift;
            if (data[i] >= 0) {
                return value;
            }
        }
    }

    /** Fills the window with the next events; false when there are none. A fault is told when its turn has come. */
    private boolean fill() throws TraceFormatException {
        if (filled == rows.length && filled < MAX_WINDOW * ROW && (pos < end || nextBatch())) {
            rows = new long[Math.min(MAX_WINDOW * ROW, Math.max(FIRST_WINDOW * ROW, 4 * filled))];
        }
        row = 0;
        filled = 0;
        while (fault == null && filled < rows.length && (pos < end || nextBatch())) {
            if (!scan()) {
                scanOne();
            }
        }
        if (filled == 0 && fault != null) {
            throw fault;
        }
        return filled > 0;
    }

    private boolean nextBatch() {
        while (pos == end) {
            if (batch == lastBatch) {
                return false;
            }
            enter(source.nextBatch(batch));
        }
        return true;
    }

    private void enter(int number) {
        batch = number;
        pos = source.batchStart(number);
        end = source.batchEnd(number);
        decodedNs = source.rate().toNs(source.batchTicks(number));
    }

    /**
     * Goes over events of a batch as long as they are of the common kind: short, and not at the very end of all bytes.
     * The next event's place hangs on this one's length, which nothing can speed up; so all arguments are taken at once,
     * also those that the event does not have, rather than letting the processor guess how many there are.
     */
    private boolean scan() {
        byte[] bytes = data;
        ByteBuffer words = source.words();
        long[] to = rows;
        TraceClock rate = source.rate();
        int n = filled;
        int p = pos;
        long ns = decodedNs;
        int last = Math.min(end, bytes.length - 3 - Varints.WORD_BYTES);
        while (n < to.length && p < last) {
            int type = bytes[p] & TYPE_MASK;
            int argCount = WireEvent.argCount(type);
            long delta = bytes[p + 1];
            int args = p + 2;
            if (delta < 0) {
                delta = delta & 0x7f | bytes[p + 2] << 7;
                args = p + 3;
            }
            long word = words.getLong(args);
            int length = Varints.length(word, argCount);
            if (argCount < 0 || argCount > ARGS_IN_ROW || delta < 0) {
                break;
            }
            if (length > Varints.WORD_BYTES || args + length > end) {
                break;
            }
            ns += rate.toNs(delta);
            to[n + TIME] = ns;
            to[n + PLACE] = (long) p << TYPE_BITS | type;
            Varints.values(word, to, n + ARGS);
            n += ROW;
            p = args + length;
        }
        boolean any = n > filled;
        pos = p;
        decodedNs = ns;
        filled = n;
        return any;
    }

    /** Goes over any event, byte by byte; finds the fault of one that is broken. */
    private void scanOne() {
        int type = data[pos] & TYPE_MASK;
        int argCount = WireEvent.argCount(type);
        if (argCount < 0) {
            fault = corrupt("expected a timed event, found " + WireEvent.describe(type));
            return;
        }
        int at = skip(pos + 1);
        for (int i = 0; i < argCount && at > 0; i++) {
            if (i < ARGS_IN_ROW && skip(at) > 0) {
                rows[filled + ARGS + i] = number(at);
            }
            at = skip(at);
        }
        if (at < 0) {
            fault = corrupt(
                    WireEvent.ofCode(type).goName + ": a number does not end in its batch, or does not fit 64 bits");
            return;
        }
        decodedNs += source.rate().toNs(number(pos + 1));
        rows[filled + TIME] = decodedNs;
        rows[filled + PLACE] = (long) pos << TYPE_BITS | type;
        filled += ROW;
        pos = at;
    }

    /** Where the number at {@code from} ends; negative when it does not in this batch, or has more than 64 bits. */
    private int skip(int from) {
        int last = Math.min(end, from + Varints.MAX_BYTES);
        for (int i = from; i < last; i++) {
            if (data[i] >= 0) {
                return i - from == Varints.MAX_BYTES - 1 && data[i] > 1 ? -1 : i + 1;
            }
        }
        return -1;
    }

    private TraceFormatException corrupt(String message) {
        return new TraceFormatException(Reason.CORRUPT, pos, source.generation(), message);
    }
}
