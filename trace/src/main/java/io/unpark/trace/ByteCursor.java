package io.unpark.trace;

import io.unpark.trace.TraceFormatException.Reason;

/** Walks bytes between two bounds, reading the format's primitive: unsigned LEB128 numbers of at most 64 bits. */
final class ByteCursor {
    private static final int MAX_VARINT_BYTES = 10;

    private byte[] data = new byte[0];
    private int pos;
    private int end;
    private long generation;

    ByteCursor over(byte[] bytes, int from, int to, long ofGeneration) {
        data = bytes;
        pos = from;
        end = to;
        generation = ofGeneration;
        return this;
    }

    int pos() {
        return pos;
    }

    int remaining() {
        return end - pos;
    }

    boolean hasMore() {
        return pos < end;
    }

    int readByte(String what) throws TraceFormatException {
        if (pos >= end) {
            throw corrupt("expected " + what + ", found the end of the batch");
        }
        return data[pos++] & 0xff;
    }

    /** Numbers may be padded with leading zero groups (the runtime does that); ten bytes are the most. */
    long readVarint(String what) throws TraceFormatException {
        if (pos < end && data[pos] >= 0) {
            return data[pos++];
        }
        long value = 0;
        for (int i = 0; i < MAX_VARINT_BYTES; i++) {
            int b = readByte(what);
            if (i == MAX_VARINT_BYTES - 1 && b > 1) {
                break;
            }
            value |= (b & 0x7fL) << (7 * i);
            if (b < 0x80) {
                return value;
            }
        }
        throw corrupt(what + " does not fit 64 bits");
    }

    void skip(int bytes) {
        pos += bytes;
    }

    TraceFormatException corrupt(String message) {
        return new TraceFormatException(Reason.CORRUPT, pos, generation, message);
    }

    TraceFormatException limit(String what, long limit) {
        return new TraceFormatException(Reason.LIMIT, pos, generation, "more than " + limit + " " + what);
    }
}
