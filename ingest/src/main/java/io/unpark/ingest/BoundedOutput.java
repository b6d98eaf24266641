package io.unpark.ingest;

import io.unpark.ingest.Decompression.Limits;
import io.unpark.ingest.DecompressionException.Reason;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** Limits what a decoder makes of its input, and says in one way what is wrong with it. */
final class BoundedOutput extends FilterInputStream {
    private final CountedInput input;
    private final Limits limits;
    private long count;

    BoundedOutput(InputStream decoder, CountedInput input, Limits limits) {
        super(decoder);
        this.input = input;
        this.limits = limits;
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
        return input.ended()
                ? new DecompressionException(Reason.TRUNCATED, "the compressed input ends in the middle", e)
                : new DecompressionException(Reason.CORRUPT, "the compressed input is broken: " + e.getMessage(), e);
    }
}
