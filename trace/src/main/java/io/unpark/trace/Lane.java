package io.unpark.trace;

import io.unpark.trace.TraceFormatException.Reason;

/** One M's events of a generation, in the order of its batches: a cursor that shows one decoded event at a time. */
final class Lane {
    private static final int MAX_VARINT_BYTES = 10;

    private final Generation source;
    private byte[] data;
    private int pos;
    private int end;
    private int batch;

    /** The M, or {@link EventContext#NONE}. */
    long m;
    /** Its slot in {@link Threads}; absent until its first event is tried. */
    int thread;
    /** First and last batch: numbers in {@link Generation}. */
    int firstBatch;

    int lastBatch;

    /** The event at hand: what, when, its arguments as far as it has any, and where it stands. */
    WireEvent event;

    long timeNs;
    long arg0;
    long arg1;
    long arg2;
    long arg3;
    int offset;

    Lane(Generation source) {
        this.source = source;
    }

    void reset(long ofM, int ofBatch) {
        m = ofM;
        thread = LongSlots.ABSENT;
        firstBatch = ofBatch;
        lastBatch = ofBatch;
    }

    /** Lets go of the generation's bytes, which an unused lane would keep. */
    void release() {
        data = null;
    }

    /** Goes to the first event; false when the M has none. */
    boolean start() throws TraceFormatException {
        data = source.data();
        enter(firstBatch);
        return advance();
    }

    /** Goes to the next event; false when the M has no more. */
    boolean advance() throws TraceFormatException {
        while (pos == end) {
            if (batch == lastBatch) {
                return false;
            }
            enter(source.nextBatch(batch));
        }
        offset = pos;
        WireEvent found = WireEvent.ofCode(data[pos++] & 0xff);
        if (found == null || !found.timed) {
            throw corrupt("expected a timed event, found " + WireEvent.describe(data[offset] & 0xff));
        }
        event = found;
        timeNs += source.rate().toNs(varint());
        readArgs(found.argCount);
        return true;
    }

    private void readArgs(int count) throws TraceFormatException {
        if (count == 0) {
            return;
        }
        arg0 = varint();
        if (count > 1) {
            arg1 = varint();
        }
        if (count > 2) {
            arg2 = varint();
        }
        if (count > 3) {
            arg3 = varint();
        }
    }

    private void enter(int number) {
        batch = number;
        pos = source.batchStart(number);
        end = source.batchEnd(number);
        timeNs = source.rate().toNs(source.batchTicks(number));
    }

    private long varint() throws TraceFormatException {
        if (pos < end) {
            byte b = data[pos];
            if (b >= 0) {
                pos++;
                return b;
            }
        }
        return longVarint();
    }

    private long longVarint() throws TraceFormatException {
        long value = 0;
        int last = Math.min(end, pos + MAX_VARINT_BYTES);
        for (int i = pos, shift = 0; i < last; i++, shift += 7) {
            byte b = data[i];
            value |= (b & 0x7fL) << shift;
            if (b >= 0) {
                if (shift == 63 && b > 1) {
                    break;
                }
                pos = i + 1;
                return value;
            }
        }
        throw corrupt(event.goName + ": a number does not end in its batch, or does not fit 64 bits");
    }

    private TraceFormatException corrupt(String message) {
        return new TraceFormatException(Reason.CORRUPT, offset, source.generation(), message);
    }
}
