package io.unpark.ingest;

import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import io.unpark.ingest.DecompressionException.Reason;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.GZIPInputStream;
import org.tukaani.xz.XZInputStream;

/** Opens inputs that are plain, gzip, zstd or xz, told apart by their first bytes and never by name or content type. */
public final class Decompression {
    /** Longest magic number looked for, in bytes. */
    private static final int MAGIC_BYTES = 6;

    /** What {@code xz -9} needs, and a little more. On the heap. */
    static final int XZ_MAX_MEMORY_BYTES = 66 << 20;

    private Decompression() {}

    /**
     * What an input may become.
     *
     * @param maxInputBytes as it comes
     * @param maxOutputBytes decompressed
     * @param maxRatio output bytes for one of input; asked only beyond {@link #RATIO_FREE_BYTES} of output
     * @param maxWindowBytes that a decoder of zstd may hold to look back
     */
    public record Limits(long maxInputBytes, long maxOutputBytes, int maxRatio, int maxWindowBytes) {
        /** The window of {@code zstd --ultra} and {@code --long}; beyond it, only made-up data. */
        private static final int FILES_WINDOW_BYTES = 128 << 20;

        /** Output up to which any ratio is harmless. */
        public static final long RATIO_FREE_BYTES = 16L << 20;

        /** For pushes: 1 GiB that may become 4 GiB. Traces compress to about 0.4; repetitive logs to 0.01. The window is that of
         * {@code zstd -19}: many pushes are read at once, and it is not on the heap. */
        public static final Limits DEFAULT = new Limits(1L << 30, 4L << 30, 250, 8 << 20);

        /** For files that the user names: they may be as large as they are. Made-up compression is still refused. */
        public static final Limits FILES =
                new Limits(Long.MAX_VALUE, Long.MAX_VALUE, DEFAULT.maxRatio(), FILES_WINDOW_BYTES);

        /** With the window of files. */
        public Limits(long maxInputBytes, long maxOutputBytes, int maxRatio) {
            this(maxInputBytes, maxOutputBytes, maxRatio, FILES_WINDOW_BYTES);
        }

        public Limits {
            if (maxInputBytes < 1 || maxOutputBytes < 1 || maxRatio < 1 || maxWindowBytes < 1 << 10) {
                throw new IllegalArgumentException("limits of an input must be positive");
            }
        }
    }

    /**
     * A stream of the plain bytes, which closes {@code in} when it is closed. Reading it throws {@link DecompressionException} when
     * the input is too large, cut or broken, and passes through what {@code in} throws.
     */
    public static InputStream open(InputStream in, Limits limits) throws IOException {
        CountedInput input = new CountedInput(in, limits.maxInputBytes(), MAGIC_BYTES);
        byte[] magic = input.peek();
        refuseOthers(magic);
        try {
            return new BoundedOutput(decoder(magic, input, limits), input, limits);
        } catch (IOException e) {
            throw BoundedOutput.explained(e, input);
        }
    }

    private static InputStream decoder(byte[] magic, CountedInput input, Limits limits) throws IOException {
        if (startsWith(magic, 0x1f, 0x8b)) {
            return new GZIPInputStream(input, 64 << 10);
        }
        if (startsWith(magic, 0x28, 0xb5, 0x2f, 0xfd)) {
            return new ZstdInputStreamNoFinalizer(input)
                    .setLongMax(31 - Integer.numberOfLeadingZeros(limits.maxWindowBytes()));
        }
        return isXz(magic) ? new XZInputStream(input, XZ_MAX_MEMORY_BYTES >> 10) : input;
    }

    private static void refuseOthers(byte[] magic) throws DecompressionException {
        String name = startsWith(magic, 'P', 'K', 3, 4)
                ? "a zip archive"
                : startsWith(magic, 'B', 'Z', 'h')
                        ? "bzip2"
                        : startsWith(magic, 0x04, 0x22, 0x4d, 0x18)
                                ? "lz4"
                                : startsWith(magic, '7', 'z', 0xbc, 0xaf) ? "a 7z archive" : null;
        if (name != null) {
            throw new DecompressionException(
                    Reason.UNSUPPORTED, "the input is " + name + "; understood are plain, gzip, zstd and xz");
        }
    }

    static boolean isXz(byte[] magic) {
        return startsWith(magic, 0xfd, '7', 'z', 'X', 'Z', 0);
    }

    /** Whether what begins with these four bytes is compressed in a way that is understood. */
    static boolean isCompressed(byte[] magic) {
        return startsWith(magic, 0x1f, 0x8b, 8)
                || startsWith(magic, 0x28, 0xb5, 0x2f, 0xfd)
                || startsWith(magic, 0xfd, '7', 'z', 'X');
    }

    private static boolean startsWith(byte[] bytes, int... expected) {
        for (int i = 0; i < expected.length; i++) {
            if (i >= bytes.length || (bytes[i] & 0xff) != expected[i]) {
                return false;
            }
        }
        return true;
    }
}
