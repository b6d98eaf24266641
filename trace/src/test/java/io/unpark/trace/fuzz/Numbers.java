package io.unpark.trace.fuzz;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;

/** Edits of the numbers inside one event, string, stack or sample. */
final class Numbers {
    private static final long[] EDGES = {
        0,
        1,
        2,
        127,
        128,
        1023,
        1024,
        1025,
        65535,
        65536,
        1L << 20,
        (1L << 20) - 1,
        Integer.MAX_VALUE,
        1L << 31,
        1L << 32,
        Long.MAX_VALUE,
        Long.MIN_VALUE,
        -1,
        -2
    };

    private Numbers() {}

    /** Changes one of the item's numbers. */
    static byte[] change(byte[] item, Choices choices) {
        List<Long> numbers = read(item);
        if (numbers.isEmpty()) {
            return item;
        }
        int i = choices.below(numbers.size());
        numbers.set(i, other(numbers.get(i), choices));
        return write(item[0], numbers);
    }

    /** The item with {@code by} added to its i-th number, if it has so many. */
    static byte[] add(byte[] item, int i, long by) {
        List<Long> numbers = read(item);
        if (i >= numbers.size()) {
            return item;
        }
        numbers.set(i, numbers.get(i) + by);
        return write(item[0], numbers);
    }

    static long other(long number, Choices choices) {
        int how = choices.below(EDGES.length + 6);
        if (how < EDGES.length) {
            return EDGES[how];
        }
        return switch (how - EDGES.length) {
            case 0 -> number + 1;
            case 1 -> number - 1;
            case 2 -> number << 1;
            case 3 -> number ^ 1L << choices.below(64);
            case 4 -> number - choices.below(1 << 16);
            default -> number + choices.below(1 << 16);
        };
    }

    private static List<Long> read(byte[] item) {
        Wire in = new Wire(item);
        in.readByte();
        List<Long> numbers = new ArrayList<>();
        while (in.remaining() > 0) {
            numbers.add(in.readVarint());
        }
        return numbers;
    }

    private static byte[] write(byte type, List<Long> numbers) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(type);
        numbers.forEach(number -> Wire.varint(out, number));
        return out.toByteArray();
    }
}
