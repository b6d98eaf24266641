package io.unpark.schemas.registry;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.apache.avro.io.BinaryData;
import org.apache.avro.io.BinaryEncoder;

/**
 * Avro binary in one array that is used again, where Avro's own encoders write through a stream and allocate the bytes of each
 * string. Strings that come again, as names of functions and files do, are encoded once. For one thread at a time.
 */
final class RecordBuffer extends BinaryEncoder {
    private static final int INITIAL_BYTES = 4 << 10;
    private static final int MAX_INT_BYTES = 5;
    private static final int MAX_LONG_BYTES = 10;

    /** A power of two. A service has some hundreds of places in its code. */
    private static final int KNOWN_STRINGS = 1024;

    private static final int MAX_KNOWN_CHARS = 256;
    private static final int SPREAD = 0x9E3779B1;
    private static final int SPREAD_SHIFT = 32 - Integer.numberOfTrailingZeros(KNOWN_STRINGS);

    private final String[] known = new String[KNOWN_STRINGS];
    private final byte[][] knownBytes = new byte[KNOWN_STRINGS][];
    private byte[] bytes = new byte[INITIAL_BYTES];
    private int size;

    /** Begins a record with these bytes. */
    void begin(byte[] header) {
        size = 0;
        writeFixed(header, 0, header.length);
    }

    int size() {
        return size;
    }

    int capacity() {
        return bytes.length;
    }

    byte[] toBytes() {
        return Arrays.copyOf(bytes, size);
    }

    private void need(int more) {
        int needed = Math.addExact(size, more); // throws beyond what an array can hold
        if (needed > bytes.length) {
            bytes = Arrays.copyOf(bytes, (int) Math.min(Integer.MAX_VALUE - 8L, Math.max(needed, 2L * bytes.length)));
        }
    }

    @Override
    public void writeString(String text) {
        if (text.length() > MAX_KNOWN_CHARS) {
            writeText(text.getBytes(StandardCharsets.UTF_8));
            return;
        }
        int at = text.hashCode() * SPREAD >>> SPREAD_SHIFT;
        if (!text.equals(known[at])) {
            known[at] = text;
            knownBytes[at] = text.getBytes(StandardCharsets.UTF_8);
        }
        writeText(knownBytes[at]);
    }

    private void writeText(byte[] utf8) {
        writeInt(utf8.length);
        writeFixed(utf8, 0, utf8.length);
    }

    @Override
    public void writeBoolean(boolean value) {
        need(1);
        bytes[size++] = (byte) (value ? 1 : 0);
    }

    @Override
    public void writeInt(int value) {
        need(MAX_INT_BYTES);
        size += BinaryData.encodeInt(value, bytes, size);
    }

    @Override
    public void writeLong(long value) {
        need(MAX_LONG_BYTES);
        size += BinaryData.encodeLong(value, bytes, size);
    }

    @Override
    public void writeFloat(float value) {
        need(Float.BYTES);
        size += BinaryData.encodeFloat(value, bytes, size);
    }

    @Override
    public void writeDouble(double value) {
        need(Double.BYTES);
        size += BinaryData.encodeDouble(value, bytes, size);
    }

    @Override
    public void writeFixed(byte[] from, int start, int length) {
        need(length);
        System.arraycopy(from, start, bytes, size, length);
        size += length;
    }

    @Override
    public void writeFixed(ByteBuffer from) {
        int length = from.remaining();
        need(length);
        from.duplicate().get(bytes, size, length);
        size += length;
    }

    @Override
    protected void writeZero() {
        need(1);
        bytes[size++] = 0;
    }

    @Override
    public int bytesBuffered() {
        return 0; // nothing waits to be flushed
    }

    @Override
    public void flush() {
        // Nothing lies behind it.
    }
}
