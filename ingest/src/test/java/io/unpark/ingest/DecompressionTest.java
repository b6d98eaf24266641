package io.unpark.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.unpark.ingest.Decompression.Limits;
import io.unpark.ingest.DecompressionException.Reason;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class DecompressionTest {
    private static final byte[] BYTES = random(300_000);

    @ParameterizedTest
    @EnumSource(Compress.class)
    void opensByItsFirstBytes(Compress compress) throws IOException {
        assertThat(read(compress.of(BYTES), Limits.DEFAULT)).isEqualTo(BYTES);
    }

    @ParameterizedTest
    @EnumSource(Compress.class)
    void anEmptyInputIsEmpty(Compress compress) throws IOException {
        assertThat(read(compress.of(new byte[0]), Limits.DEFAULT)).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(value = Compress.class, names = "PLAIN", mode = EnumSource.Mode.EXCLUDE)
    void aCutInputGivesWhatCameBeforeAndThenSaysSo(Compress compress) throws IOException {
        byte[] whole = compress.of(BYTES);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        InputStream in = Decompression.open(
                new ByteArrayInputStream(Arrays.copyOf(whole, whole.length - 20_000)), Limits.DEFAULT);

        assertThatThrownBy(() -> in.transferTo(out))
                .satisfies(e -> assertThat(reason(e)).isEqualTo(Reason.TRUNCATED));
        assertThat(out.toByteArray()).isEqualTo(Arrays.copyOf(BYTES, out.size()));
        assertThat(out.size()).isGreaterThan(100_000);
    }

    @ParameterizedTest
    @EnumSource(value = Compress.class, names = "PLAIN", mode = EnumSource.Mode.EXCLUDE)
    void brokenBytesAreSaidToBeBroken(Compress compress) throws IOException {
        byte[] broken = compress.of(BYTES);
        Arrays.fill(broken, 100, 200, (byte) 0xff);

        assertThatThrownBy(() -> read(broken, Limits.DEFAULT))
                .isInstanceOf(DecompressionException.class)
                .satisfies(e -> assertThat(reason(e)).isIn(Reason.CORRUPT, Reason.TRUNCATED));
    }

    @ParameterizedTest
    @EnumSource(value = Compress.class, names = "PLAIN", mode = EnumSource.Mode.EXCLUDE)
    void aBombIsRefusedByItsRatio(Compress compress) throws IOException {
        byte[] bomb = compress.of(new byte[64 << 20]);

        assertThatThrownBy(() -> read(bomb, Limits.DEFAULT))
                .hasMessageContaining("times as many")
                .satisfies(e -> assertThat(reason(e)).isEqualTo(Reason.TOO_LARGE));
    }

    @ParameterizedTest
    @EnumSource(Compress.class)
    void outputIsLimited(Compress compress) throws IOException {
        byte[] input = compress.of(BYTES);

        assertThatThrownBy(() -> read(input, new Limits(1 << 20, 299_999, 250)))
                .satisfies(e -> assertThat(reason(e)).isEqualTo(Reason.TOO_LARGE));
        assertThat(read(input, new Limits(1 << 20, 300_000, 250))).hasSize(300_000);
    }

    @Test
    void inputIsLimited() {
        assertThatThrownBy(() -> read(BYTES, new Limits(299_999, 1 << 20, 250)))
                .satisfies(e -> assertThat(reason(e)).isEqualTo(Reason.TOO_LARGE));
    }

    @Test
    void gzipMembersFollowEachOther() throws IOException {
        ByteArrayOutputStream members = new ByteArrayOutputStream();
        members.writeBytes(Compress.GZIP.of(new byte[] {1, 2}));
        members.writeBytes(Compress.GZIP.of(new byte[] {3}));

        assertThat(read(members.toByteArray(), Limits.DEFAULT)).containsExactly(1, 2, 3);
    }

    @Test
    void otherCompressionsAreNamed() {
        byte[] zip = {'P', 'K', 3, 4, 0, 0, 0, 0};

        assertThatThrownBy(() -> read(zip, Limits.DEFAULT))
                .hasMessageContaining("zip")
                .satisfies(e -> assertThat(reason(e)).isEqualTo(Reason.UNSUPPORTED));
    }

    private static Reason reason(Throwable e) {
        return ((DecompressionException) e).reason();
    }

    private static byte[] read(byte[] input, Limits limits) throws IOException {
        try (InputStream in = Decompression.open(new ByteArrayInputStream(input), limits)) {
            return in.readAllBytes();
        }
    }

    private static byte[] random(int length) {
        byte[] bytes = new byte[length];
        new Random(1).nextBytes(bytes);
        return bytes;
    }
}
