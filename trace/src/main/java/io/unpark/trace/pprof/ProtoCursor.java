package io.unpark.trace.pprof;

import io.unpark.trace.pprof.PprofFormatException.Reason;
import java.nio.charset.StandardCharsets;

/**
 * Walks the fields of one message in Protocol Buffers' wire format (protobuf.dev, "Encoding"): a tag of field number and wire
 * type, then a varint, four or eight bytes, or a length and so many bytes. It never leaves its range.
 */
final class ProtoCursor {
    static final int VARINT = 0;
    static final int FIXED_64 = 1;
    static final int BYTES = 2;
    static final int FIXED_32 = 5;

    private static final int MAX_VARINT_BYTES = 10;

    private final byte[] bytes;
    private final int end;
    private int at;
    private int field;
    private int wireType;
    private int fieldAt;

    ProtoCursor(byte[] bytes, int from, int to) {
        this.bytes = bytes;
        this.at = from;
        this.end = to;
    }

    /** Goes to the next field, and is to be followed by one of the readers; false at the message's end. */
    boolean next() throws PprofFormatException {
        if (at == end) {
            return false;
        }
        fieldAt = at;
        long tag = readVarint();
        long number = tag >>> 3;
        wireType = (int) (tag & 7);
        if (number < 1 || number > (1 << 29) - 1) {
            throw corrupt("field number " + Long.toUnsignedString(number));
        }
        field = (int) number;
        return true;
    }

    /** Of the field at hand. */
    int field() {
        return field;
    }

    /** Whether the field at hand is length and bytes: of a repeated number, its packed form. */
    boolean isBytes() {
        return wireType == BYTES;
    }

    boolean hasMore() {
        return at < end;
    }

    int offset() {
        return at;
    }

    /** The value of a varint field. */
    long number() throws PprofFormatException {
        expect(VARINT);
        return readVarint();
    }

    /** The content of a length-delimited field, without a copy. */
    ProtoCursor message() throws PprofFormatException {
        expect(BYTES);
        int length = length();
        ProtoCursor inner = new ProtoCursor(bytes, at, at + length);
        at += length;
        return inner;
    }

    /** Skips a field that the reader does not know or need. */
    void skip() throws PprofFormatException {
        switch (wireType) {
            case VARINT -> readVarint();
            case FIXED_64 -> skip(Long.BYTES);
            case BYTES -> skip(length());
            case FIXED_32 -> skip(Integer.BYTES);
            default -> throw corrupt("wire type " + wireType + ", known are 0, 1, 2 and 5");
        }
    }

    long readVarint() throws PprofFormatException {
        long value = 0;
        for (int i = 0; i < MAX_VARINT_BYTES; i++) {
            if (at >= end) {
                throw truncated("a number");
            }
            int next = bytes[at++];
            value |= (long) (next & 0x7f) << 7 * i;
            if (next >= 0) {
                return value;
            }
        }
        throw corrupt("a number of more than " + MAX_VARINT_BYTES + " bytes");
    }

    /** All that is left, as text; bytes that are no UTF-8 are replaced. */
    String text() {
        return new String(bytes, at, end - at, StandardCharsets.UTF_8);
    }

    private int length() throws PprofFormatException {
        long length = readVarint();
        if (length < 0 || length > end - at) {
            throw truncated("a field of " + Long.toUnsignedString(length) + " bytes");
        }
        return (int) length;
    }

    private void skip(int count) throws PprofFormatException {
        if (count > end - at) {
            throw truncated("a field of " + count + " bytes");
        }
        at += count;
    }

    private void expect(int expected) throws PprofFormatException {
        if (wireType != expected) {
            throw corrupt("field " + field + " has wire type " + wireType + ", expected " + expected);
        }
    }

    private PprofFormatException truncated(String what) {
        String found = " is expected, but only " + (end - at) + " bytes are left";
        return new PprofFormatException(Reason.TRUNCATED, fieldAt, what + found);
    }

    private PprofFormatException corrupt(String what) {
        return new PprofFormatException(Reason.CORRUPT, fieldAt, what);
    }
}
