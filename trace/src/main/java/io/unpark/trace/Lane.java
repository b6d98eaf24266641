package io.unpark.trace;

import io.unpark.trace.TraceFormatException.Reason;
import java.util.Arrays;

/**
 * One M's events of a generation, in the order of its batches: a cursor that decodes the next event when it is asked for. Its id is
 * the M's, or {@link EventContext#NONE}.
 */
final class Lane extends IdTable.Entry {
    static final int NO_BATCH = -1;

    private static final int MAX_NUMBER_BYTES = 10;
    /** What the longest event takes: its code, its time and its arguments. */
    private static final int MAX_EVENT_BYTES = 1 + (1 + WireEvent.MAX_ARGS) * MAX_NUMBER_BYTES;

    private static final int CODE_MASK = 0xff;
    private static final int VALUE_BITS = 7;
    private static final int VALUE_MASK = (1 << VALUE_BITS) - 1;
    // The bits of sign that bytes with a mark bring into a number, before the next byte comes.
    private static final int MARK = -1 << VALUE_BITS;
    private static final int MARKS_OF_TWO = MARK ^ -1 << 2 * VALUE_BITS;
    private static final int MARKS_OF_THREE = MARKS_OF_TWO ^ -1 << 3 * VALUE_BITS;

    private final Generation source;
    private TraceClock rate;
    private long[] nsOfFew;
    private int batch;
    /** Holds the batch at hand, and more bytes behind it than an event has: only its end says whether it was in the batch. */
    private byte[] bytes;
    /** Where they begin in the generation: 0, unless they are a copy. */
    private int base;

    private int pos;
    private int end;

    /** Its state; null until its first event is tried. */
    ThreadState thread;
    /** First and last batch: numbers in {@link Generation}. */
    int firstBatch = NO_BATCH;

    int lastBatch;

    private int at;
    private int code;
    /** When the event at hand happened. */
    long timeNs;

    private long arg0;
    private long arg1;
    private long arg2;
    private long arg3;

    Lane(Generation source) {
        this.source = source;
    }

    @Override
    void forget() {
        thread = null;
        firstBatch = NO_BATCH;
        bytes = null;
    }

    /** Goes to the first event; false when the M has none. */
    boolean start() throws TraceFormatException {
        rate = source.rate();
        nsOfFew = rate.nsOfFew();
        enter(firstBatch);
        return advance();
    }

    /** Goes to the next event; false when the M has no more. */
    boolean advance() throws TraceFormatException {
        if (pos == end && !nextBatch()) {
            return false;
        }
        at = pos;
        code = bytes[pos++] & CODE_MASK;
        int args = WireEvent.argCount(code);
        if (args < 0) {
            throw notTimed();
        }
        byte delta = bytes[pos++];
        timeNs += delta >= 0 ? nsOfFew[delta] : rate.toNs(twoToFour(delta));
        if (args > 0) {
            arg0 = number();
            if (args > 1) {
                arg1 = number();
                if (args > 2) {
                    arg2 = number();
                    if (args > 3) {
                        arg3 = number();
                    }
                }
            }
        }
        if (pos > end) {
            throw brokenNumber();
        }
        return true;
    }

    /** Wire code of the event at hand. */
    int code() {
        return code;
    }

    WireEvent event() {
        return WireEvent.ofCode(code);
    }

    /** Where the event at hand stands in the generation. */
    int offset() {
        return base + at;
    }

    /** Arguments of the event at hand; what it does not have is any number. */
    long arg0() {
        return arg0;
    }

    long arg1() {
        return arg1;
    }

    long arg2() {
        return arg2;
    }

    long arg3() {
        return arg3;
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
        base = 0;
        bytes = source.data();
        pos = source.batchStart(number);
        end = source.batchEnd(number);
        timeNs = rate.toNs(source.batchTicks(number));
        if (end > bytes.length - MAX_EVENT_BYTES) {
            base = pos;
            bytes = Arrays.copyOfRange(bytes, pos, end + MAX_EVENT_BYTES);
            end -= pos;
            pos = 0;
        }
    }

    /** A number of the event at hand: LEB128, up to 64 bits. */
    private long number() throws TraceFormatException {
        byte first = bytes[pos++];
        return first >= 0 ? first : twoToFour(first);
    }

    /**
     * Written out up to the four bytes that most ids need at most; a byte's mark, its sign, is taken away together with those of
     * the others.
     */
    private long twoToFour(int first) throws TraceFormatException {
        int value = first ^ bytes[pos++] << VALUE_BITS;
        if (value < 0) {
            return value ^ MARK;
        }
        value ^= bytes[pos++] << 2 * VALUE_BITS;
        if (value >= 0) {
            return value ^ MARKS_OF_TWO;
        }
        value ^= bytes[pos++] << 3 * VALUE_BITS;
        if (value < 0) {
            return value ^ MARKS_OF_THREE;
        }
        return longNumber(value ^ MARKS_OF_THREE);
    }

    /** @param low the values of the first four bytes, and the mark of the fourth */
    private long longNumber(int low) throws TraceFormatException {
        long value = low & (1L << 4 * VALUE_BITS) - 1;
        for (int shift = 4 * VALUE_BITS; shift < Long.SIZE; shift += VALUE_BITS) {
            long next = bytes[pos++];
            value |= (next & VALUE_MASK) << shift;
            if (next >= 0) {
                if (shift + VALUE_BITS > Long.SIZE && next > 1) {
                    throw brokenNumber();
                }
                return value;
            }
        }
        throw brokenNumber();
    }

    private TraceFormatException notTimed() {
        return corrupt("expected a timed event, found " + WireEvent.describe(code));
    }

    private TraceFormatException brokenNumber() {
        return corrupt(event().goName + ": a number does not end in its batch, or does not fit 64 bits");
    }

    private TraceFormatException corrupt(String message) {
        return new TraceFormatException(Reason.CORRUPT, offset(), source.generation(), message);
    }
}
