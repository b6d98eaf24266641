package io.unpark.analysis.codec;

import java.io.ByteArrayOutputStream;

/** Appends to a growing array: varints, and text that keeps every char (lone surrogates too), one byte for ASCII. */
public final class BinaryWriter {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream(512);

    public void writeByte(int value) {
        out.write(value);
    }

    public void writeBoolean(boolean value) {
        out.write(value ? 1 : 0);
    }

    /** Base 128, least group first; 1 to 10 bytes, short for small values that are not negative. */
    public void writeUnsigned(long value) {
        long rest = value;
        while ((rest & ~0x7fL) != 0) {
            out.write((int) (rest & 0x7f | 0x80));
            rest >>>= 7;
        }
        out.write((int) rest);
    }

    /** Short for values near 0 on both sides. */
    public void writeSigned(long value) {
        writeUnsigned(value << 1 ^ value >> 63);
    }

    public void writeText(String text) {
        writeUnsigned(text.length());
        for (int i = 0; i < text.length(); i++) {
            writeUnsigned(text.charAt(i));
        }
    }

    public byte[] toBytes() {
        return out.toByteArray();
    }
}
