package io.unpark.analysis.codec;

import java.util.Arrays;

/** Appends to a growing array: varints, and text that keeps every char (lone surrogates too), one byte for ASCII. */
public final class BinaryWriter {
    private static final int MAX_VARINT = 10;
    private static final int MAX_CHAR_VARINT = 3;

    private byte[] bytes = new byte[512];
    private int length;

    public void writeByte(int value) {
        room(1);
        bytes[length++] = (byte) value;
    }

    public void writeBoolean(boolean value) {
        writeByte(value ? 1 : 0);
    }

    /** Base 128, least group first; 1 to 10 bytes, short for small values that are not negative. */
    public void writeUnsigned(long value) {
        room(MAX_VARINT);
        long rest = value;
        while ((rest & ~0x7fL) != 0) {
            bytes[length++] = (byte) (rest & 0x7f | 0x80);
            rest >>>= 7;
        }
        bytes[length++] = (byte) rest;
    }

    /** Short for values near 0 on both sides. */
    public void writeSigned(long value) {
        writeUnsigned(value << 1 ^ value >> 63);
    }

    public void writeText(String text) {
        int chars = text.length();
        writeUnsigned(chars);
        room(Math.multiplyExact(MAX_CHAR_VARINT, chars));
        for (int i = 0; i < chars; i++) {
            int rest = text.charAt(i);
            while (rest > 0x7f) {
                bytes[length++] = (byte) (rest & 0x7f | 0x80);
                rest >>>= 7;
            }
            bytes[length++] = (byte) rest;
        }
    }

    public byte[] toBytes() {
        return Arrays.copyOf(bytes, length);
    }

    private void room(int more) {
        if (length + more > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(length + more, Math.multiplyExact(bytes.length, 2)));
        }
    }
}
