package io.unpark.ingest;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;

/** Counts and limits what is read, and remembers whether the source itself failed. */
final class CountedInput extends FilterInputStream {
    private final long maxBytes;
    private final int peekBytes;
    private long count;
    private boolean ended;
    private boolean sourceFailed;

    CountedInput(InputStream in, long maxBytes, int peekBytes) {
        super(new PushbackInputStream(in, peekBytes));
        this.maxBytes = maxBytes;
        this.peekBytes = peekBytes;
    }

    /** The first bytes, not consumed; fewer when there are no more. */
    byte[] peek() throws IOException {
        byte[] first = in.readNBytes(peekBytes);
        ((PushbackInputStream) in).unread(first);
        return first;
    }

    long count() {
        return count;
    }

    /** Whether the input came to its end. */
    boolean ended() {
        return ended;
    }

    /** Whether an exception came from the source, not from what was made of its bytes. */
    boolean sourceFailed() {
        return sourceFailed;
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
            sourceFailed = true;
            throw e;
        }
        ended = n < 0;
        count += Math.max(n, 0);
        if (count > maxBytes) {
            throw new DecompressionException(
                    DecompressionException.Reason.TOO_LARGE, "the input is larger than " + maxBytes + " bytes");
        }
        return n;
    }

    @Override
    public long skip(long n) throws IOException {
        return Math.max(0, read(new byte[(int) Math.min(n, 8192)]));
    }

    /** GZIPInputStream takes 0 for the end of the input, and would leave out the members that follow. */
    @Override
    public int available() throws IOException {
        return ended ? 0 : Math.max(1, in.available());
    }

    @Override
    public boolean markSupported() {
        return false;
    }
}
