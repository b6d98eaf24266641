package io.unpark.trace;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The strings of one generation, by ordinal from 1; 0 is "". Bytes stay where they are in the generation and become a
 * {@link String} when somebody asks. Strings of earlier generations that outlive their table (the name of a task) are
 * added behind the generation's own.
 */
final class StringTable {
    private final IdIndex index = new IdIndex();
    private int[] offsets = new int[256];
    private int[] lengths = new int[256];
    private byte[][] sources = new byte[256][];
    private String[] resolved = new String[256];
    private byte[][] names = new byte[256][];
    private int count;

    void clear() {
        index.clear();
        Arrays.fill(sources, 0, count + 1, null);
        Arrays.fill(resolved, 0, count + 1, null);
        Arrays.fill(names, 0, count + 1, null);
        count = 0;
    }

    /** Reads a batch whose first byte, already consumed, was Strings. */
    void readBatch(ByteCursor in, byte[] data, int limit) throws TraceFormatException {
        while (in.hasMore()) {
            int type = in.readByte("a string");
            if (type != WireEvent.STRING.code) {
                throw in.corrupt("expected a String in a batch of strings, found " + WireEvent.describe(type));
            }
            long id = in.readVarint("a string's id");
            long length = in.readVarint("a string's length");
            if (length < 0 || length > TraceLimits.MAX_STRING_BYTES) {
                throw in.corrupt("a string of " + Long.toUnsignedString(length) + " bytes; the maximum is "
                        + TraceLimits.MAX_STRING_BYTES);
            }
            if (length > in.remaining()) {
                throw in.corrupt("a string of " + length + " bytes in the last " + in.remaining() + " of its batch");
            }
            if (id == 0 || id == LongSlots.NO_ID || index.find(id) != 0) {
                throw in.corrupt("string id " + Long.toUnsignedString(id) + " is not free");
            }
            if (count >= limit) {
                throw in.limit("strings in one generation", limit);
            }
            index.put(id, append(data, in.pos(), (int) length));
            in.skip((int) length);
        }
    }

    /** The ordinal of a string id: 0 for id 0, {@link LongSlots#ABSENT} when the table lacks it. */
    int ordinal(long id) {
        if (id == 0) {
            return 0;
        }
        int ordinal = index.find(id);
        return ordinal == 0 ? LongSlots.ABSENT : ordinal;
    }

    /** An ordinal for a string that is not in this generation's table. */
    int ordinalOf(byte[] name) {
        if (name.length == 0) {
            return 0;
        }
        return append(name, 0, name.length);
    }

    String string(int ordinal) {
        if (ordinal == 0) {
            return "";
        }
        String known = resolved[ordinal];
        if (known == null) {
            known = new String(sources[ordinal], offsets[ordinal], lengths[ordinal], StandardCharsets.UTF_8);
            resolved[ordinal] = known;
        }
        return known;
    }

    byte[] bytes(int ordinal) {
        if (ordinal == 0) {
            return new byte[0];
        }
        return Arrays.copyOfRange(sources[ordinal], offsets[ordinal], offsets[ordinal] + lengths[ordinal]);
    }

    /** As {@link #bytes}, but the same array each time: to be kept beyond the generation and compared, not changed. */
    byte[] name(int ordinal) {
        if (names[ordinal] == null) {
            names[ordinal] = bytes(ordinal);
        }
        return names[ordinal];
    }

    int count() {
        return count;
    }

    private int append(byte[] source, int offset, int length) {
        int ordinal = ++count;
        if (ordinal == offsets.length) {
            grow(2 * ordinal);
        }
        sources[ordinal] = source;
        offsets[ordinal] = offset;
        lengths[ordinal] = length;
        return ordinal;
    }

    private void grow(int capacity) {
        offsets = Arrays.copyOf(offsets, capacity);
        lengths = Arrays.copyOf(lengths, capacity);
        sources = Arrays.copyOf(sources, capacity);
        resolved = Arrays.copyOf(resolved, capacity);
        names = Arrays.copyOf(names, capacity);
    }
}
