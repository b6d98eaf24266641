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

    /** The longest event that is decoded by words: its type, two bytes of time, a word of arguments. */
    private static final int MAX_SCANNED_BYTES = 3 + Varints.WORD_BYTES;

    private static final int TYPE_BITS = 8;
    private static final int TYPE_MASK = (1 << TYPE_BITS) - 1;

    /** By wire code: finds the end of an event's last argument in a word. */
    private static final long[] COUNTDOWN = new long[1 << TYPE_BITS];
    /** By wire code: where an event's arguments end, seen from the byte found so. Beyond any word where it has too many. */
    private static final byte[] BEYOND_END = new byte[1 << TYPE_BITS];

    static {
        for (int code = 0; code <= TYPE_MASK; code++) {
            int count = WireEvent.argCount(code);
            boolean scanned = count >= 0 && count <= ARGS_IN_ROW;
            COUNTDOWN[code] = Varints.countdown(scanned ? count : 0);
            BEYOND_END[code] = (byte) (scanned ? Math.min(count, 1) : Varints.WORD_BYTES + 1);
        }
    }

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
            int before = filled;
            scan();
            if (filled == before) {
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

    /** Goes over events of a batch as long as they are of the common kind: short, and not at the very end of the batch. */
    private void scan() {
        ByteBuffer words = source.words();
        TraceClock rate = source.rate();
        long[] to = rows;
        int last = Math.min(end, data.length - Varints.WORD_BYTES) - MAX_SCANNED_BYTES;
        int n = filled;
        int p = pos;
        long ns = decodedNs;
        while (n < to.length && p <= last) {
            int next = decode(words, p, rate, ns, to, n);
            if (next < 0) {
                break;
            }
            p = next;
            ns = to[n + TIME];
            n += ROW;
        }
        filled = n;
        pos = p;
        decodedNs = ns;
    }

    /**
     * Decodes an event of the common kind to a row, and returns where it ends; negative when it is of another kind. All
     * arguments are taken at once, also those that the event does not have, rather than letting the processor guess how
     * many there are.
     */
    private static int decode(ByteBuffer words, int at, TraceClock rate, long ns, long[] to, int n) {
        int head = words.getInt(at);
        int type = head & TYPE_MASK;
        int delta = (byte) (head >> 8);
        int args = at + 2;
        if (delta < 0) {
            delta = delta & 0x7f | (byte) (head >> 16) << 7;
            args = at + 3;
        }
        long word = words.getLong(args);
        long ends = Varints.ends(word);
        int length = Varints.lastEnd(ends, COUNTDOWN[type]) + BEYOND_END[type];
        if (length > Varints.WORD_BYTES || delta < 0) {
            return -1;
        }
        to[n + TIME] = ns + rate.toNs(delta);
        to[n + PLACE] = (long) at << TYPE_BITS | type;
        Varints.values(word, ends, to, n + ARGS);
        return args + length;
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
