package io.unpark.trace;

/**
 * The format's numbers, LEB128, eight bytes at a time. In such a word the byte that ends a number is one without its
 * highest bit: finding it and closing the gaps takes a fixed number of steps and no branch, however long the number is, so
 * that the processor has nothing to guess.
 */
final class Varints {
    /** Bytes that are looked at together. */
    static final int WORD_BYTES = Long.BYTES;
    /** The longest number of 64 bits. */
    static final int MAX_BYTES = 10;

    private static final long HIGH_BITS = 0x8080808080808080L;
    private static final long ONES = 0x0101010101010101L;

    private Varints() {}

    /** Marks the bytes at which a number ends. */
    private static long ends(long word) {
        return ~word & HIGH_BITS;
    }

    /** Puts a word's first three numbers to a place. Those that do not end in the word are not to be used. */
    static void values(long word, long[] to, int at) {
        long ends = ends(word);
        to[at] = value(word, ends);
        int bits = Long.numberOfTrailingZeros(ends) + 1;
        long second = word >>> bits;
        long secondEnds = ends >>> bits;
        to[at + 1] = value(second, secondEnds);
        bits = Long.numberOfTrailingZeros(secondEnds) + 1;
        to[at + 2] = value(second >>> bits, secondEnds >>> bits);
    }

    /** Value of a word's first number, which ends in it. */
    private static long value(long word, long ends) {
        long bytes = word & (ends ^ (ends - 1)) & ~HIGH_BITS;
        long pairs = bytes & 0x007f007f007f007fL | (bytes & 0x7f007f007f007f00L) >>> 1;
        long fours = pairs & 0x00003fff00003fffL | (pairs & 0x3fff00003fff0000L) >>> 2;
        return fours & 0x0fffffffL | (fours & 0x0fffffff00000000L) >>> 4;
    }

    /** Bytes of a word's first {@code count} numbers (0 to 4); more than {@link #WORD_BYTES} when they go on beyond it. */
    static int length(long word, int count) {
        // Byte i of the product counts the numbers that end in bytes 0 to i.
        long ended = (ends(word) >>> 7) * ONES;
        long reached = ((ended | HIGH_BITS) - count * ONES) & HIGH_BITS;
        int last = Long.numberOfTrailingZeros(reached) >>> 3;
        return (last + 1) & (-count >> 31);
    }
}
