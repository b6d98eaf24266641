package io.unpark.analysis.codec;

/**
 * Reads what {@link BinaryWriter} wrote. What it reads may be damaged: it never goes beyond the array, and every length is
 * checked before anything is allocated. All methods throw {@link CodecException}.
 */
public final class BinaryReader {
    private static final int MAX_VARINT_BYTES = 10;

    private final byte[] bytes;
    private int at;

    public BinaryReader(byte[] bytes) {
        this.bytes = bytes;
    }

    public int readByte() {
        if (at >= bytes.length) {
            throw new CodecException("ends at byte " + at + " where more was expected");
        }
        return bytes[at++] & 0xff;
    }

    public boolean readBoolean() {
        return readByte() != 0;
    }

    public long readUnsigned() {
        long value = 0;
        for (int i = 0; i < MAX_VARINT_BYTES; i++) {
            int next = readByte();
            value |= (long) (next & 0x7f) << 7 * i;
            if ((next & 0x80) == 0) {
                return value;
            }
        }
        throw new CodecException("a number at byte " + at + " is longer than " + MAX_VARINT_BYTES + " bytes");
    }

    public long readSigned() {
        long value = readUnsigned();
        return value >>> 1 ^ -(value & 1);
    }

    /** A number of items, each of which takes a byte or more: so no count is greater than what is left. */
    public int readCount() {
        long count = readUnsigned();
        if (count < 0 || count > bytes.length - at) {
            throw new CodecException("a count of " + Long.toUnsignedString(count) + " at byte " + at + ", but only "
                    + (bytes.length - at) + " bytes are left");
        }
        return (int) count;
    }

    public int readInt() {
        long value = readSigned();
        if (value != (int) value) {
            throw new CodecException("a number before byte " + at + " is too great: " + value);
        }
        return (int) value;
    }

    public String readText() {
        char[] text = new char[readCount()];
        for (int i = 0; i < text.length; i++) {
            text[i] = (char) readUnsigned();
        }
        return new String(text);
    }

    /** The constant of an ordinal that was written. */
    public <E extends Enum<E>> E readEnum(E[] constants) {
        int ordinal = readByte();
        if (ordinal >= constants.length) {
            throw new CodecException("no constant " + ordinal + " of " + constants.length + " before byte " + at);
        }
        return constants[ordinal];
    }

    /** Nothing may follow. */
    public void expectEnd() {
        if (at != bytes.length) {
            throw new CodecException((bytes.length - at) + " bytes too many after byte " + at);
        }
    }
}
