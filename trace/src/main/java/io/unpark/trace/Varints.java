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
    static long ends(long word) {
        return ~word & HIGH_BITS;
    }

    /** What {@link #lastEnd} needs to find the end of a word's {@code count}-th number. */
    static long countdown(int count) {
        return HIGH_BITS - count * ONES;
    }

    /** The byte in which the number counted down to ends; 8 when it does not end in this word. */
    static int lastEnd(long ends, long countdown) {
        // Byte i of the product counts the numbers that end in bytes 0 to i.
        long reached = ((ends >>> 7) * ONES + countdown) & HIGH_BITS;
        return Long.numberOfTrailingZeros(reached) >>> 3;
    }

    /** Puts a word's first three numbers to a place. Those that do not end in the word are not to be used. */
    static void values(long word, long ends, long[] to, int at) {
        long later = ends & (ends - 1);
        int bits0 = bits(Long.numberOfTrailingZeros(ends));
        int bits1 = bits(Long.numberOfTrailingZeros(later));
        int bits2 = bits(Long.numberOfTrailingZeros(later & (later - 1)));
        long values = compact(word);
        to[at] = values & ~(-1L << bits0);
        to[at + 1] = (values & ~(-1L << bits1)) >>> bits0;
        to[at + 2] = (values & ~(-1L << bits2)) >>> bits1;
    }

    /** How many bits the numbers have up to the one with this mark; all when there is no mark. */
    private static int bits(int mark) {
        return mark - (mark >>> 3);
    }

    /** Closes the gaps between a word's groups of seven bits. */
    private static long compact(long word) {
        long pairs = word & 0x007f007f007f007fL | (word & 0x7f007f007f007f00L) >>> 1;
        long fours = pairs & 0x00003fff00003fffL | (pairs & 0x3fff00003fff0000L) >>> 2;
        return fours & 0x0fffffffL | (fours & 0x0fffffff00000000L) >>> 4;
    }
}
