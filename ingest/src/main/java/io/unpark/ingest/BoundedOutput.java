package io.unpark.ingest;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdIOException;
import io.unpark.ingest.Decompression.Limits;
import io.unpark.ingest.DecompressionException.Reason;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import org.tukaani.xz.MemoryLimitException;

/** Limits what a decoder makes of its input, and says in one way what is wrong with it. */
final class BoundedOutput extends FilterInputStream {
    /** Of the longest magic that tells a compression for sure. */
    private static final int MAGIC_BYTES = 4;

    private final CountedInput input;
    private final Limits limits;
    private final boolean compressed;
    private final byte[] first = new byte[MAGIC_BYTES];
    private long count;

    BoundedOutput(InputStream decoder, CountedInput input, Limits limits) {
        super(decoder);
        this.input = input;
        this.limits = limits;
        this.compressed = decoder != input;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        int n;
        try {
            n = in.read(bytes, offset, length);
        } catch (IOException e) {
            throw explained(e, input);
        }
        refuseTwice(bytes, offset, n);
        count += Math.max(n, 0);
        if (count > limits.maxOutputBytes()) {
            throw new DecompressionException(
                    Reason.TOO_LARGE, "decompressed, the input is larger than " + limits.maxOutputBytes() + " bytes");
        }
        if (count > Limits.RATIO_FREE_BYTES && count / limits.maxRatio() > input.count()) {
            throw new DecompressionException(
                    Reason.TOO_LARGE,
                    "the input's " + input.count() + " bytes became " + count + ": more than " + limits.maxRatio()
                            + " times as many");
        }
        return n;
    }

    /** What is compressed twice is meant to slip past a limit: nobody who sends data does it. However small the first reads are. */
    private void refuseTwice(byte[] bytes, int offset, int n) throws DecompressionException {
        for (int i = 0; compressed && count + i < first.length && i < n; i++) {
            first[(int) count + i] = bytes[offset + i];
            if (count + i == first.length - 1 && Decompression.isCompressed(first)) {
                throw new DecompressionException(
                        Reason.UNSUPPORTED, "the input is compressed twice; once is understood");
            }
        }
    }

    @Override
    public long skip(long n) throws IOException {
        return Math.max(0, read(new byte[(int) Math.min(n, 8192)]));
    }

    @Override
    public boolean markSupported() {
        return false;
    }

    static IOException explained(IOException e, CountedInput input) {
        if (input.sourceFailed() || e instanceof DecompressionException) {
            return e;
        }
        boolean zstdWindow =
                e instanceof ZstdIOException zstd && zstd.getErrorCode() == Zstd.errFrameParameterWindowTooLarge();
        if (zstdWindow || e instanceof MemoryLimitException) {
            return new DecompressionException(
                    Reason.TOO_LARGE, "the input was compressed with a larger window than is allowed here", e);
        }
        return input.ended()
                ? new DecompressionException(Reason.TRUNCATED, "the compressed input ends in the middle", e)
                : new DecompressionException(Reason.CORRUPT, "the compressed input is broken: " + e.getMessage(), e);
    }
}
