package io.unpark.ingest.scrape;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** Counts what a target sends, up to a limit. */
final class Body extends FilterInputStream {
    private final long maxBytes;
    private long bytes;

    Body(InputStream in, long maxBytes) {
        super(in);
        this.maxBytes = maxBytes;
    }

    long bytes() {
        return bytes;
    }

    @Override
    public int read() throws IOException {
        int b = in.read();
        if (b >= 0) {
            count(1);
        }
        return b;
    }

    @Override
    public int read(byte[] buffer, int from, int length) throws IOException {
        int n = in.read(buffer, from, length);
        count(Math.max(0, n));
        return n;
    }

    @Override
    public boolean markSupported() {
        return false;
    }

    private void count(int n) throws BodyTooLarge {
        bytes += n;
        if (bytes > maxBytes) {
            throw new BodyTooLarge(maxBytes);
        }
    }
}
