package io.unpark.app.analyze;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;

class JoinedPartsTest {
    private static final byte[] BYTES = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9};
    private static final byte[] EXPECTED = {2, 3, 4, 5, 6, 7};

    private static byte[] joined(ByteBuffer... parts) {
        ByteBuffer whole = JoinedParts.of(List.of(parts));
        assertThat(whole.position()).isZero();
        byte[] bytes = new byte[whole.remaining()];
        whole.get(bytes);
        return bytes;
    }

    private static ByteBuffer slice(int from, int to) {
        return ByteBuffer.wrap(BYTES).slice(from, to - from);
    }

    @Test
    void partsOfOneArrayAreJoinedWhereTheyLie() {
        assertThat(joined(slice(2, 5), slice(5, 6), slice(6, 8))).isEqualTo(EXPECTED);
        assertThat(joined(slice(2, 8))).isEqualTo(EXPECTED);
        assertThat(joined(ByteBuffer.wrap(BYTES, 2, 6))).isEqualTo(EXPECTED);
    }

    @Test
    void partsThatDoNotFollowEachOtherInOneArrayAreCopied() {
        assertThat(joined(slice(2, 5), ByteBuffer.wrap(new byte[] {5, 6, 7}))).isEqualTo(EXPECTED);
        assertThat(joined(slice(2, 4), slice(4, 5), slice(5, 5), slice(5, 8))).isEqualTo(EXPECTED);
        assertThat(joined(slice(6, 8), slice(0, 2))).containsExactly(6, 7, 0, 1);
        assertThat(joined(slice(2, 5), slice(5, 8).asReadOnlyBuffer())).isEqualTo(EXPECTED);
    }
}
