package io.unpark.trace.fuzz;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;

/** Reads the wire format forgivingly: at the end of the bytes everything is 0, and {@link #failed} says so. */
final class Wire {
    private final byte[] bytes;
    private int pos;
    private boolean failed;

    Wire(byte[] bytes) {
        this.bytes = bytes;
    }

    int pos() {
        return pos;
    }

    int remaining() {
        return bytes.length - pos;
    }

    boolean failed() {
        return failed;
    }

    byte[] since(int start) {
        return Arrays.copyOfRange(bytes, start, pos);
    }

    int readByte() {
        if (pos == bytes.length) {
            failed = true;
            return 0;
        }
        return bytes[pos++] & 0xff;
    }

    long readVarint() {
        long value = 0;
        for (int shift = 0; shift < 70; shift += 7) {
            int b = readByte();
            value |= shift < 64 ? (b & 0x7fL) << shift : 0;
            if (b < 0x80) {
                break;
            }
        }
        return value;
    }

    void skipVarints(long count) {
        for (long i = 0; i < count && remaining() > 0; i++) {
            readVarint();
        }
    }

    void skip(long length) {
        pos += (int) Math.max(0, Math.min(length, remaining()));
    }

    byte[] readBytes(int length) {
        int start = pos;
        skip(length);
        return since(start);
    }

    /** Unsigned LEB128 of 64 bits. */
    static void varint(ByteArrayOutputStream out, long value) {
        long rest = value;
        while ((rest & ~0x7fL) != 0) {
            out.write((int) (rest & 0x7f | 0x80));
            rest >>>= 7;
        }
        out.write((int) rest);
    }
}
