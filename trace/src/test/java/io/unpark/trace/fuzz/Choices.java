package io.unpark.trace.fuzz;

import java.util.Random;

/** Where a mutation takes its decisions from: a fuzzer's bytes, or a seeded generator. */
interface Choices {

    /** 0 to {@code bound - 1}; 0 when the choices have run out. */
    int below(int bound);

    /** Whether there is another decision to take. */
    boolean hasMore();

    static Choices of(byte[] script) {
        return new Choices() {
            private int pos;

            @Override
            public int below(int bound) {
                int value = next();
                if (bound > 256) {
                    value = value << 8 | next();
                }
                return bound <= 1 ? 0 : value % bound;
            }

            private int next() {
                return pos < script.length ? script[pos++] & 0xff : 0;
            }

            @Override
            public boolean hasMore() {
                return pos < script.length;
            }
        };
    }

    /** Decisions for {@code edits} edits or so. */
    static Choices of(Random random, int edits) {
        int decisionsAnEdit = 6;
        return new Choices() {
            private int left = edits * decisionsAnEdit;

            @Override
            public int below(int bound) {
                left--;
                return random.nextInt(Math.max(bound, 1));
            }

            @Override
            public boolean hasMore() {
                return left > 0;
            }
        };
    }
}
